import Testing
import XMPPGrammar

@Suite
struct StreamHeaderTests {
    @Test
    func `a header is written with its declaration`() {
        let header = StreamHeader(
            contentNamespace: Namespace.server,
            from: "example.net",
            to: "im.example.com",
            id: "a<b",
            version: .one,
            language: "en",
            declaresDialback: true
        )
        #expect(
            String(decoding: header.octets, as: UTF8.self) == """
                <?xml version='1.0'?><stream:stream xmlns='jabber:server' \
                xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' \
                from='example.net' to='im.example.com' id='a&lt;b' version='1.0' xml:lang='en'>
                """
        )
    }

    @Test
    func `the header of a component says little`() {
        let header = StreamHeader(contentNamespace: Namespace.component, to: "plays.shakespeare.lit")
        #expect(
            String(decoding: header.octets, as: UTF8.self) == """
                <?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' \
                xmlns:stream='http://etherx.jabber.org/streams' to='plays.shakespeare.lit'>
                """
        )
    }

    @Test(
        arguments: [
            ("stream", Namespace.stream, Namespace.server, nil),
            ("stream", Namespace.stream, Namespace.client, nil),
            ("stream", Namespace.stream, Namespace.component, nil),
            ("stream", "http://wrong.namespace.example.org/", Namespace.server, .invalidNamespace),
            ("flood", Namespace.stream, Namespace.server, .badFormat),
            ("stream", Namespace.stream, "jabber:nothing", .invalidNamespace),
            ("stream", Namespace.stream, "", .invalidNamespace),
        ] as [(String, String, String, StreamErrorCondition?)]
    )
    func `a root that opens no stream of XMPP says with what to close`(
        _ name: String,
        _ namespace: String,
        _ content: String,
        _ fault: StreamErrorCondition?
    ) {
        let declarations =
            content.isEmpty ? [] : [NamespaceDeclaration(prefix: "", namespace: content)]
        let header = StreamHeader(root: name, namespace, attributes: [], declarations: declarations)
        #expect(header.fault == fault)
        #expect(header.contentNamespace == content)
    }

    @Test(
        arguments: [
            ("1.0", StreamVersion(major: 1, minor: 0)), ("2.13", StreamVersion(major: 2, minor: 13)),
            ("6.01", StreamVersion(major: 6, minor: 1)), ("", nil), ("1", nil), ("1.", nil), (".0", nil),
            ("1.0.0", nil),
            ("-1.0", nil), ("1,0", nil), ("99999999999999999999.0", nil), ("1.x", nil), ("\u{661}.0", nil),
        ] as [(String, StreamVersion?)]
    )
    func `a version is two numbers`(_ text: String, _ version: StreamVersion?) {
        #expect(StreamVersion(text) == version)
    }

    @Test
    func `versions are compared as numbers`() {
        #expect(StreamVersion(major: 2, minor: 4) < StreamVersion(major: 2, minor: 13))
        #expect(StreamVersion(major: 2, minor: 13) < StreamVersion(major: 12, minor: 3))
        #expect(StreamVersion.one.description == "1.0")
    }
}
