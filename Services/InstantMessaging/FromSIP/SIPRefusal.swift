import BusContract
import Payloads
import SIPGrammar

/// A MESSAGE that does not cross, and the answer that says why.
struct SIPRefusal: Error, Hashable {
    var answer: SIPAnswer

    init(_ status: Int, reason: String? = nil, headers: [(SIPHeaderName, String)] = []) {
        var fields = SIPHeaders()
        for (name, value) in headers { fields.append(name, value) }
        answer = SIPAnswer(status, reason: reason, headers: fields)
    }

    init(_ answer: SIPAnswer) {
        self.answer = answer
    }

    /// What the gateway can translate; RFC 3261 section 21.4.13 wants it said with a 415.
    static let acceptedTypes =
        "text/plain, text/html, message/cpim, message/external-body, multipart/alternative, multipart/mixed, multipart/related"

    static let unsupportedMediaType = SIPRefusal(415, headers: [(.accept, acceptedTypes)])

    static let unsupportedEncoding = SIPRefusal(
        415,
        headers: [(.acceptEncoding, (ContentCoding.accepted + ["identity"]).joined(separator: ", "))]
    )
}
