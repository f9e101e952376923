import SIPEdge
import SIPGrammar
import Testing

/// Which URI a request's next hop is found by.
struct RouteTableTests {
    private func table(proxy: String? = "sip:proxy.example") throws -> RouteTable {
        let routes = [
            "one.example": "sip:one.hop", "*.example": "sip:any.hop", "*.Deep.example.": "sip:deep.hop",
            "LOUD.example": "sip:loud.hop;transport=tcp", "192.0.2.1": "sip:number.hop",
        ]
        return RouteTable(
            routes: try routes.mapValues { try #require(SIPURI($0)) },
            proxy: proxy.flatMap { SIPURI($0) },
            domains: ["ours.net", "one.example"]
        )
    }

    private func choose(_ uri: String, _ table: RouteTable, route: String? = nil) throws -> String? {
        let uri = try #require(SIPRequestURI(uri))
        var headers = SIPHeaders()
        if let route { headers.append(.route, route) }
        let choice = table.choose(for: SIPRequest(.message, uri, headers: headers))
        return choice.map { "\($0.uri)\($0.isConfigured ? " by configuration" : "")" }
    }

    @Test(arguments: [
        // The domain's own, then the longest suffix, both before the outbound proxy.
        ("sip:a@one.example", "sip:one.hop by configuration"),
        ("sip:a@ONE.example:5070;transport=tcp", "sip:one.hop by configuration"),
        ("sip:a@two.example", "sip:any.hop by configuration"),
        ("sip:a@very.two.example", "sip:any.hop by configuration"),
        ("sip:a@x.deep.example", "sip:deep.hop by configuration"),
        ("sip:a@deep.example", "sip:any.hop by configuration"),
        ("sip:a@loud.example", "sip:loud.hop;transport=tcp by configuration"),
        ("sip:a@192.0.2.1", "sip:number.hop by configuration"),
        // A suffix does not stand for itself, nor for what merely ends alike.
        ("sip:a@example", "sip:a@example"), ("sip:a@badexample", "sip:a@badexample"),
        // The outbound proxy for our domains and for numbers.
        ("sip:a@ours.net", "sip:proxy.example by configuration"),
        ("tel:+15551234", "sip:proxy.example by configuration"),
        ("sip:a@far.net:5070", "sip:a@far.net:5070"),
    ])
    func `goes by the table, then by the proxy, then by the DNS`(_ uri: String, _ expected: String) throws {
        #expect(try choose(uri, table()) == expected)
    }

    @Test func `a Route of the request goes before all`() throws {
        let route = "<sip:edge.far.net;lr>, <sip:next.far.net;lr>"
        #expect(try choose("sip:a@one.example", table(), route: route) == "sip:edge.far.net;lr")
        #expect(
            try choose("sip:a@far.net", table(), route: "<sip:one.hop;lr>")
                == "sip:one.hop;lr by configuration"
        )
    }

    @Test func `a number goes nowhere without a proxy`() throws {
        #expect(try choose("tel:+15551234", table(proxy: nil)) == nil)
        #expect(try choose("sip:a@ours.net", table(proxy: nil)) == "sip:a@ours.net")
    }

    @Test func `an empty table leaves everything to the DNS`() throws {
        #expect(try choose("sip:a@one.example", RouteTable()) == "sip:a@one.example")
    }
}
