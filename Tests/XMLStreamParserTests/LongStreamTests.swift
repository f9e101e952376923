import Glibc
import Testing
import XMPPGrammar
import XMPPTransport

@Suite
struct LongStreamTests {
    /// In a process of its own, whose memory no other test moves.
    @Test
    func `200,000 stanzas on one stream leave the process as large as 20,000 did`() async {
        await #expect(processExitsWith: .success) {
            let parser = XMLStreamParser()
            _ = try parser.feed(Array(Streams.opening.utf8))
            let message = Array(
                """
                <message to='romeo@sip.example' from='juliet@wonder.example/balcony' id='c5f1b0e2' type='chat'>\
                <body>Wherefore art thou, Romeo?</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>
                """.utf8
            )
            let batch = Array(repeatElement(message, count: 10).joined())
            var events: [StreamEvent] = []
            var early = 0
            for round in 0..<20_000 {
                events.removeAll(keepingCapacity: true)
                try parser.feed(batch.span, into: &events)
                guard events.count == 10 else { exit(1) }
                if round == 2_000 { early = peakKilobytes() }
            }
            // A leak of one octet in a stanza would be 180 kB.
            if peakKilobytes() - early > 2_048 { exit(2) }
        }
    }
}

private func peakKilobytes() -> Int {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
}
