import Testing
import XMPPGrammar
import XMPPTransport

@Suite
struct StreamLimitTests {
    private let limits = XMLStreamLimits(
        header: 400,
        element: 1_000,
        depth: 8,
        attributes: 8,
        namespaces: 20,
        name: 32
    )

    private func error(_ text: String, piece: Int = .max) -> XMLStreamError.Reason? {
        Streams.readOpen(text, piece: piece, limits: limits).error
    }

    private func message(octets: Int) -> String {
        let tags = "<message><body></body></message>"
        return "<message><body>" + String(repeating: "x", count: octets - tags.utf8.count)
            + "</body></message>"
    }

    @Test(arguments: [1, 64, .max])
    func `an element may have as many octets as the limit, and not one more`(_ piece: Int) {
        #expect(error(message(octets: 1_000), piece: piece) == nil)
        #expect(error(message(octets: 1_001), piece: piece) == .elementTooLarge)
        #expect(error(message(octets: 1_000) + message(octets: 1_000), piece: piece) == nil)
        #expect(error(message(octets: 500) + message(octets: 1_001), piece: piece) == .elementTooLarge)
    }

    @Test(arguments: [
        "<message><body>", "<message a='", "<message><body><![CDATA[",
        "<message>" + String(repeating: "<a/>", count: 200),
        "<message",
    ])
    func `an element that never ends is refused at its limit`(_ start: String) {
        for filler in ["x", " ", "&#32;"] {
            let endless = start + String(repeating: filler, count: 2_000)
            for piece in [1, 100, .max] {
                let outcome = Streams.readOpen(endless, piece: piece, limits: limits)
                let expected: Set<XMLStreamError.Reason> = [.elementTooLarge, .nameTooLong, .notWellFormed]
                #expect(outcome.events.isEmpty)
                #expect(outcome.error.map(expected.contains) == true)
            }
        }
    }

    @Test(arguments: [1, .max])
    func `a header that never ends is refused at its limit`(_ piece: Int) {
        let filler = String(repeating: "x", count: 400)
        for start in ["<stream:stream a='", "<?xml version='1.0' ", "<a b='"] {
            #expect(Streams.read(start + filler, piece: piece, limits: limits).error == .headerTooLarge)
        }
    }

    @Test
    func `white space between elements counts for nothing`() {
        let space = String(repeating: " ", count: 900)
        let parser = XMLStreamParser(limits: limits)
        #expect(throws: Never.self) {
            _ = try parser.feed(Array(Streams.opening.utf8))
            for _ in 0..<100 { #expect(try parser.feed(Array(space.utf8)).isEmpty) }
            #expect(try parser.feed(Array("<iq/>".utf8)).count == 1)
        }
    }

    @Test(arguments: [1, .max])
    func `elements are inside each other as deep as the limit, and not deeper`(_ piece: Int) {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        // The stream itself is the first of eight.
        #expect(error(nested(7), piece: piece) == nil)
        #expect(error(nested(8), piece: piece) == .tooDeep)
        #expect(error(String(repeating: "<a>", count: 7) + "<b/>", piece: piece) == .tooDeep)
    }

    @Test(arguments: [1, .max])
    func `an element has as many attributes as the limit, and not more`(_ piece: Int) {
        func element(_ count: Int) -> String {
            "<iq" + (0..<count).map { " a\($0)='='" }.joined() + "/>"
        }
        #expect(error(element(8), piece: piece) == nil)
        #expect(error(element(9), piece: piece) == .tooManyAttributes)
        #expect(error("<iq a='='" + String(repeating: " =", count: 8), piece: piece) == .tooManyAttributes)
    }

    @Test
    func `namespaces in scope are limited, and those out of scope forgotten`() {
        func declaring(_ name: String) -> String {
            (0..<5).map { " xmlns:\(name)\($0)='urn:\($0)'" }.joined()
        }
        // The header declares three, which leaves 17.
        let three = "<iq\(declaring("a"))><b\(declaring("b"))><c\(declaring("c"))"
        #expect(error(three + "/></b></iq>" + three + "/></b></iq>") == nil)
        #expect(error(three + "><d\(declaring("d"))/></c></b></iq>") == .tooManyNamespaces)
    }

    @Test(arguments: [1, .max])
    func `names are as long as the limit, and not longer`(_ piece: Int) {
        let name = String(repeating: "n", count: 32)
        #expect(error("<\(name) \(name)='v'/>", piece: piece) == nil)
        #expect(error("<\(name)n", piece: piece) == .nameTooLong)
        #expect(error("<iq \(name)n", piece: piece) == .nameTooLong)
        #expect(error("<\(name)></\(name)>", piece: piece) == nil)
        #expect(error("<\(name)></\(name)n", piece: piece) == .nameTooLong)
    }

    @Test
    func `the limits of the project hold what they say`() {
        let limits = XMLStreamLimits()
        let tags = "<message><body></body></message>"
        let filler = String(repeating: "ü", count: (limits.element - tags.utf8.count) / 2)
        let outcome = Streams.readOpen("<message><body>" + filler + "</body></message>", piece: 1_460)
        guard case .element(let message)? = outcome.events.first else {
            Issue.record("no element")
            return
        }
        #expect(message.first("body")?.text.utf8.count == filler.utf8.count)
        #expect(
            Streams.readOpen("<message><body>" + filler + "üü</body></message>").error == .elementTooLarge
        )
    }
}
