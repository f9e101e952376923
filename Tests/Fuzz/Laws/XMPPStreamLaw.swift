import XMPPGrammar
import XMPPTransport

extension Law {
    /// A stream: the same is said however the octets were cut, and every element prints and is read to the same.
    ///
    /// The first octet says how they are cut.
    static let xmppStream = Law(name: "xmpp-stream") { octets in
        guard let first = octets.first else { return nil }
        let stream = Array(octets.dropFirst())
        let whole = events(of: stream, cutInto: max(1, stream.count))
        let size = Int(first) + 1
        guard events(of: stream, cutInto: size) == whole else {
            return "the stream: cut into \(size), it says other things"
        }
        for case .element(let element) in whole {
            if let broken = broken(element) { return broken }
        }
        return nil
    }

    /// An address: what parses prints, and parses to the same.
    static let xmppAddress = Law(name: "xmpp-address") { octets in
        guard let address = try? JID(String(decoding: octets, as: UTF8.self)) else { return nil }
        let printed = address.description
        return difference("JID", address, printed: printed, again: try? JID(printed))
    }

    private static func events(of octets: [UInt8], cutInto size: Int) -> [StreamEvent] {
        let parser = XMLStreamParser()
        var events: [StreamEvent] = []
        for start in Swift.stride(from: 0, to: octets.count, by: size) {
            let piece = Array(octets[start..<min(octets.count, start + size)])
            guard (try? parser.feed(piece.span, into: &events)) != nil else { break }
        }
        return events
    }

    private static func broken(_ element: Element) -> String? {
        let printed = element.octets(defaultNamespace: Namespace.client)
        // What is printed may declare more than what was read.
        let parser = XMLStreamParser(
            limits: XMLStreamLimits(
                element: 4_194_304,
                depth: 255,
                attributes: 1024,
                namespaces: 4096,
                name: 1024
            )
        )
        let header =
            "<stream:stream xmlns='\(Namespace.client)' xmlns:stream='\(Namespace.stream)' version='1.0'>"
        let events = (try? parser.feed(Array(header.utf8) + printed)) ?? []
        var again: Element?
        if case .element(let read) = events.last { again = read }
        return difference("element", element, printed: String(decoding: printed, as: UTF8.self), again: again)
    }
}
