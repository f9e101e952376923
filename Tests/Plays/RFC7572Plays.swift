import BusContract
import Testing
import XMPPGrammar

/// The numbered examples of RFC 7572, "Interworking between SIP and XMPP: Instant Messaging".
struct RFC7572Plays {
    private static func stage() -> Stage {
        Stage(
            xmpp: .init(user: "juliet", host: "example.com"),
            sip: .init(user: "romeo", host: "example.net")
        )
    }

    /// Section 4.
    ///
    /// The RFC's MESSAGE has a Via, which is the edge's to add, and a Content-Type without a charset,
    /// which MAPPING 4.5 always names.
    @Test func `examples 1 to 3: Juliet writes and Romeo's user agent takes it`() throws {
        var stage = Self.stage()
        var message = Element("message", Namespace.client)
        message["from"] = "juliet@example.com/yn0cl4bnw0yr3vym"
        message["to"] = "romeo@example.net"
        message.append(Element("body", Namespace.client, text: "Art thou not Romeo, and a Montague?"))
        let heard = try stage.xmpp(message)
        #expect(
            hears(
                heard,
                """
                MESSAGE sip:romeo@example.net SIP/2.0
                To: <sip:romeo@example.net>
                From: <sip:juliet@example.com;gr=yn0cl4bnw0yr3vym>;tag=*
                Call-ID: *
                CSeq: * MESSAGE
                Content-Type: text/plain;charset=UTF-8
                Content-Length: 35

                Art thou not Romeo, and a Montague?
                """
            ),
            "\(heard)"
        )
        // "This document does not specify handling of the 200 OK": the sender hears nothing.
        #expect(stage.answer(200) == ["done"])
    }

    /// Section 5.
    ///
    /// Example 5 invents a resource for Romeo, whose request names no device (MAPPING 1.5); the answer is
    /// 202, as RFC 3428 section 7 asks of a gateway, where RFC 7572 says 200 (MAPPING ERR-22).
    @Test func `examples 4 and 5: Romeo writes and Juliet's server takes it`() throws {
        var stage = Self.stage()
        let heard = try stage.sip(
            """
            MESSAGE sip:juliet@example.com SIP/2.0
            Via: SIP/2.0/TCP s2x.example.net;branch=z9hG4bKeskdgs677
            Max-Forwards: 70
            To: sip:juliet@example.com
            From: sip:romeo@example.net;tag=vwxyz
            Call-ID: 9E97FB43-85F4-4A00-8751-1124FD4C7B2E
            CSeq: 1 MESSAGE
            Content-Type: text/plain
            Content-Length: 44

            Neither, fair saint, if either thee dislike.
            """
        )
        let body = "<body>Neither, fair saint, if either thee dislike.</body>"
        let thread = "<thread>9E97FB43-85F4-4A00-8751-1124FD4C7B2E</thread>"
        #expect(
            hears(
                heard,
                "<message from='romeo@example.net' to='juliet@example.com' id='i*-*'>\(body)\(thread)</message>"
            ),
            "\(heard)"
        )
        #expect(stage.silence() == ["SIP/2.0 202 Accepted"])
    }

    /// Section 8.
    ///
    /// The RFC's character references are the octets of UTF-8 taken for code points, and its
    /// Content-Length fits neither reading; here stands the Czech that was meant, with its own length.
    @Test func `examples 6 and 7: Romeo writes in Czech`() throws {
        var stage = Self.stage()
        let text = "Nic z obého, má děvo spanilá, nenávidíš-li jedno nebo druhé."
        let heard = try stage.sip(
            """
            MESSAGE sip:juliet@example.com SIP/2.0
            Via: SIP/2.0/TCP s2x.example.net;branch=z9hG4bKeskdgs677
            Max-Forwards: 70
            To: sip:juliet@example.com
            From: sip:romeo@example.net;tag=vwxyz
            Call-ID: 5A37A65D-304B-470A-B718-3F3E6770ACAF
            CSeq: 1 MESSAGE
            Content-Type: text/plain
            Content-Length: \(text.utf8.count)
            Content-Language: cs

            \(text)
            """
        )
        let content = "<body>\(text)</body><thread>5A37A65D-304B-470A-B718-3F3E6770ACAF</thread>"
        #expect(
            hears(
                heard,
                "<message from='romeo@example.net' to='juliet@example.com' id='i*-*' xml:lang='cs'>\(content)</message>"
            ),
            "\(heard)"
        )
        #expect(stage.silence() == ["SIP/2.0 202 Accepted"])
    }
}
