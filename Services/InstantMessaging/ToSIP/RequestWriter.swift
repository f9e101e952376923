import BusContract
import Payloads
import SIPGrammar
import XMPPGrammar

/// Writes an XMPP user's message as a MESSAGE request (RFC 7572 table 1, RFC 3428 section 4; MAPPING 4.2).
///
/// Via, Max-Forwards and the way there are the edge's. There is no Contact: RFC 3428 section 4 forbids it.
// Conforms: RFC 3428 §4 (complete)
struct RequestWriter: Sendable {
    let draft: SIPDraft
    let mint: Mint

    private static let plainText = "text/plain;charset=UTF-8"

    func request(_ text: String, _ shape: MessageShape, _ number: SequenceNumber) -> SIPRequest {
        var headers = SIPHeaders()
        headers.append(.to, SIPNameAddress(uri: .sip(draft.to)).description)
        headers.append(.from, from(shape, number).description)
        headers.append(.callID, draft.callID)
        headers.append(.cSeq, "\(number.cSeq) \(SIPMethod.message.name)")
        if let callID = draft.inReplyTo { headers.append(.inReplyTo, callID) }
        if let since = draft.page.delayedSince { headers.append(.date, RFC1123Date.print(since)) }
        if shape.carriesSubject, let subject = draft.page.subject { headers.append(.subject, subject) }
        if let language = draft.page.language { headers.append(.contentLanguage, language) }
        let (type, body) = content(text, shape)
        headers.append(.contentType, type)
        return SIPRequest(.message, shape.target, headers: headers, body: body)
    }

    /// The length of the body.
    func bodySize(_ text: String, _ shape: MessageShape) -> Int {
        shape.carriesMarkup ? content(text, shape).body.count : text.utf8.count
    }

    /// The length of everything but the body; what the edge adds is the same for all shapes.
    func headSize(_ shape: MessageShape) -> Int {
        let longest = SequenceNumber(milliseconds: .max)
        let request = request(draft.page.text, shape, longest)
        return request.octets.count - request.body.count
    }

    private func from(_ shape: MessageShape, _ number: SequenceNumber) -> SIPNameAddress {
        var from = SIPNameAddress(
            displayName: draft.displayName,
            uri: .sip(shape.carriesDevice ? draft.device : draft.from)
        )
        // One tag for a Call-ID of this sender, the same after a restart (MAPPING 4.6).
        let seed = "tag\n\(draft.callID)\n\(draft.page.sender)\n\(number.era)"
        from.tag = mint.identifier(DeliveryID(hashing: Array(seed.utf8)))
        return from
    }

    private func content(_ text: String, _ shape: MessageShape) -> (type: String, body: [UInt8]) {
        guard shape.carriesMarkup, case .xhtml(let element) = draft.page.markup,
            let html = HTMLText.octets(of: element, language: draft.page.language)
        else { return (Self.plainText, Array(text.utf8)) }
        let charset = [MIMEParameter("charset", "UTF-8")]
        let entity = MIMEEntity(
            multipart: "alternative",
            parts: [
                MIMEEntity(MediaType("text", "plain", parameters: charset), octets: Array(text.utf8)),
                MIMEEntity(MediaType("text", "html", parameters: charset), octets: html),
            ]
        )
        return (entity.mediaType.description, entity.bodyOctets)
    }
}
