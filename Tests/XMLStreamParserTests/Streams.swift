import XMPPGrammar
import XMPPTransport

/// What the tests of this folder feed, and what comes of it.
enum Streams {
    static let opening = """
        <?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' \
        xmlns:db='jabber:server:dialback' from='example.net' to='im.example.com' version='1.0' xml:lang='en'>
        """

    static let header = StreamHeader(
        root: "stream",
        Namespace.stream,
        attributes: [
            Attribute(name: "from", value: "example.net"), Attribute(name: "to", value: "im.example.com"),
            Attribute(name: "version", value: "1.0"),
            Attribute(name: "lang", namespace: Namespace.xml, value: "en"),
        ],
        declarations: [
            NamespaceDeclaration(prefix: "", namespace: Namespace.server),
            NamespaceDeclaration(prefix: "db", namespace: Namespace.dialback),
        ]
    )

    /// What one parser says, and the error that ended it.
    struct Outcome: Hashable, Sendable {
        var events: [StreamEvent] = []
        var error: XMLStreamError.Reason?
    }

    /// Feeds octets in pieces of a size.
    static func read(
        _ octets: [UInt8],
        piece: Int = .max,
        limits: XMLStreamLimits = XMLStreamLimits()
    ) -> Outcome {
        let parser = XMLStreamParser(limits: limits)
        var outcome = Outcome()
        var start = 0
        while start < octets.count, outcome.error == nil {
            let end = min(octets.count - start, piece) + start
            do throws(XMLStreamError) {
                try parser.feed(octets.span.extracting(start..<end), into: &outcome.events)
            } catch {
                outcome.error = error.reason
            }
            start = end
        }
        return outcome
    }

    static func read(
        _ text: String,
        piece: Int = .max,
        limits: XMLStreamLimits = XMLStreamLimits()
    ) -> Outcome {
        read(Array(text.utf8), piece: piece, limits: limits)
    }

    /// What an open stream says to this text; the header is left out.
    static func readOpen(
        _ text: String,
        piece: Int = .max,
        limits: XMLStreamLimits = XMLStreamLimits()
    ) -> Outcome {
        var outcome = read(opening + text, piece: piece, limits: limits)
        if outcome.events.first == .opened(header) { outcome.events.removeFirst() }
        return outcome
    }
}
