import SIPGrammar

/// Bytes to values and back, for the two requests that matter most.
enum SIPParsing {
    static func operations() throws -> [Operation] {
        try operations(on: "SIP MESSAGE", message) + operations(on: "SIP INVITE of 12 headers", invite)
    }

    private static func operations(on what: String, _ text: String) throws -> [Operation] {
        let octets = Array(text.utf8)
        guard case .request(let request) = try SIPMessage.parse(octets) else { return [] }
        return [
            Operation("parse a \(what)") { use(try SIPMessage.parse(octets)) },
            Operation("print a \(what)") { use(request.octets) },
            Operation("parse a \(what) and read its From, To, Via, CSeq, Call-ID") {
                guard case .request(let request) = try SIPMessage.parse(octets) else { return }
                use(try request.headers.from())
                use(try request.headers.to())
                use(try request.headers.topVia())
                use(try request.headers.cSeq())
                use(try request.headers.callID())
            },
        ]
    }

    private static let message = """
        MESSAGE sip:alice@wonder.example SIP/2.0\r
        Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK776asdhds;rport\r
        Max-Forwards: 70\r
        From: <sip:bob@sip.example>;tag=49583\r
        To: <sip:alice@wonder.example>\r
        Call-ID: asd88asd77a@192.0.2.1\r
        CSeq: 1 MESSAGE\r
        Content-Type: text/plain;charset=UTF-8\r
        Content-Length: 58\r
        \r
        Will you walk a little faster? said a whiting to a snail.
        """ + "\n"

    private static let invite = """
        INVITE sip:alice@wonder.example SIP/2.0\r
        Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK776asdhds;rport\r
        Via: SIP/2.0/TCP 192.0.2.7:5060;branch=z9hG4bK-d8754z;received=192.0.2.8\r
        Max-Forwards: 70\r
        From: "Bob" <sip:bob@sip.example>;tag=49583\r
        To: "Alice" <sip:alice@wonder.example>\r
        Call-ID: asd88asd77a@192.0.2.1\r
        CSeq: 314159 INVITE\r
        Contact: <sip:bob@192.0.2.1:5060;transport=udp>\r
        Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, MESSAGE\r
        User-Agent: a telephone\r
        Content-Type: application/sdp\r
        Content-Length: 0\r
        \r

        """
}
