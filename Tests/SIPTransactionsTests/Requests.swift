import SIPGrammar

/// A request and what it must have, as text with `\n` for line ends.
func request(_ text: String) throws -> (SIPRequest, SIPMandatory) {
    let octets = Array(
        text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8
    )
    guard case .request(let request) = try SIPMessage.parse(octets) else { throw NotARequest() }
    return (request, try request.mandatory())
}

struct NotARequest: Error {}

/// A MESSAGE whose identifying parts can be changed one at a time.
struct Draft {
    var method = "MESSAGE"
    var uri = "sip:juliet@wonder.example"
    var sentBy = "192.0.2.1:5060"
    var branch: String? = "z9hG4bK776asdhds"
    var viaTail = ""
    var fromTag = "49583"
    var toTag: String?
    var callID = "asd88asd77a@1.2.3.4"
    var number = 1

    var text: String {
        let branch = branch.map { ";branch=\($0)" } ?? ""
        let toTag = toTag.map { ";tag=\($0)" } ?? ""
        return """
            \(method) \(uri) SIP/2.0
            Via: SIP/2.0/UDP \(sentBy)\(branch)\(viaTail)
            Max-Forwards: 70
            From: <sip:romeo@sip.example>;tag=\(fromTag)
            To: <\(uri)>\(toTag)
            Call-ID: \(callID)
            CSeq: \(number) \(method)
            Content-Length: 0


            """
    }

    func with(_ change: (inout Draft) -> Void) -> Draft {
        var draft = self
        change(&draft)
        return draft
    }
}
