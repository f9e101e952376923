import XMPPGrammar
import XMPPTransport

/// A stream of message stanzas to elements, and an element back to bytes.
enum StanzaParsing {
    static func operations() throws -> [Operation] {
        let parser = XMLStreamParser()
        use(try parser.feed(Array(header.utf8)))
        let octets = Array(stanza.utf8)
        guard case .element(let element)? = try parser.feed(octets).first else { return [] }
        let many = Array(repeatElement(octets, count: 50).joined())
        return [
            Operation("parse a message stanza of \(octets.count) octets") { use(try parser.feed(octets)) },
            Operation("parse 50 of them that came at once", batch: 100) { use(try parser.feed(many)) },
            Operation("print a message stanza") {
                use(element.octets(defaultNamespace: Namespace.component))
            },
        ]
    }

    private static let header = """
        <stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' \
        from='sip.example' id='1'>
        """

    private static let stanza = """
        <message from='alice@wonder.example/garden' to='bob@sip.example' type='chat' id='a8f3c2'>\
        <body>There&apos;s a porpoise close behind us, and he&apos;s treading on my tail.</body>\
        <thread>5f3b</thread><active xmlns='http://jabber.org/protocol/chatstates'/></message>
        """
}
