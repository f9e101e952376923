import TestKit
import Testing
import XMPPGrammar
import XMPPTransport

@Suite
struct HostileStreamTests {
    @Test(arguments: [
        """
        <?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;">\
        <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><stream:stream a='&lol3;'>
        """,
        "<?xml version='1.0'?><!DOCTYPE x SYSTEM 'http://127.0.0.1:1/x.dtd'><x>",
        "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><x>&f;</x>",
        "<!DOCTYPE x [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><x/>",
        "<!DOCTYPE x [<!ATTLIST x a CDATA 'default'>]><x/>",
    ])
    func `a bomb is refused before anything of it is read`(_ bomb: String) {
        for piece in [1, 4_096] {
            #expect(Streams.read(bomb, piece: piece) == Streams.Outcome(error: .restrictedXML))
        }
    }

    /// Stanzas of every kind of markup, for mutation.
    private static let seed = Array(
        (Streams.opening + """
            <message to='a@b' xml:lang='en'><body>Ha&amp;rk &#x1F339; größe</body><x xmlns='urn:x' xmlns:p='urn:p' p:q="1">\
            <p:r/><![CDATA[<raw>&]]></x></message> <presence/><db:result from='a'>00</db:result>
            """).utf8
    )

    @Test
    func `truncated anywhere, a stream says what was whole`() {
        let whole = Streams.read(Self.seed)
        #expect(whole.error == nil)
        #expect(whole.events.count == 4)
        for count in 0..<Self.seed.count {
            let outcome = Streams.read(Array(Self.seed[..<count]))
            #expect(outcome.error == nil)
            #expect(whole.events.starts(with: outcome.events))
        }
    }

    @Test(arguments: UInt64(0)..<8)
    func `mutated at random, octets one by one say the same as at once, and nothing traps`(_ number: UInt64) {
        var random = SplitMix64(seed: number)
        let letters = Array("<>/='\"&;:![]-? \u{0}\u{FF}axmlns".utf8)
        for _ in 0..<250 {
            var octets = Self.seed
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: octets.indices, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: octets[at] = letters.randomElement(using: &random) ?? 0
                case 1: octets[at] = UInt8.random(in: 0...255, using: &random)
                case 2: octets.remove(at: at)
                case 3: octets.insert(letters.randomElement(using: &random) ?? 0, at: at)
                default: octets.insert(contentsOf: octets[at..<min(at + 20, octets.count)], at: at)
                }
            }
            let whole = Streams.read(octets)
            let single = Streams.read(octets, piece: 1)
            #expect(whole == single, "seed \(number): \(String(decoding: octets, as: UTF8.self))")
        }
    }

    @Test(arguments: UInt64(0)..<4)
    func `octets at random trap nothing`(_ number: UInt64) {
        var random = SplitMix64(seed: number)
        for _ in 0..<200 {
            let octets = (0..<64).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(Streams.read(octets) == Streams.read(octets, piece: 1))
            let open = Array(Streams.opening.utf8) + Array("<a>".utf8) + octets
            #expect(Streams.read(open).events.count == 1)
        }
    }

    @Test
    func `an endless flow of new names costs no memory`() throws {
        let parser = XMLStreamParser()
        _ = try parser.feed(Array(Streams.opening.utf8))
        var number = 0
        for _ in 0..<200 {
            var stanza = "<message>"
            for _ in 0..<250 {
                number += 1
                stanza += "<name\(number) attribute\(number)='' xmlns='urn:namespace:\(number)'/>"
            }
            #expect(try parser.feed(Array((stanza + "</message>").utf8)).count == 1)
            try #require(parser.held < 1_536 * 1_024)
        }
    }

    @Test
    func `a long element leaves no memory behind`() throws {
        let parser = XMLStreamParser()
        _ = try parser.feed(Array(Streams.opening.utf8))
        let idle = parser.held
        let long = "<message><body>" + String(repeating: "x", count: 250_000) + "</body></message><iq/>"
        for octet in stride(from: 0, to: long.utf8.count, by: 1_000) {
            let end = min(octet + 1_000, long.utf8.count)
            _ = try parser.feed(Array(Array(long.utf8)[octet..<end]))
        }
        _ = try parser.feed(Array("<iq/>".utf8))
        #expect(parser.held <= idle + 64 * 1_024)
    }
}
