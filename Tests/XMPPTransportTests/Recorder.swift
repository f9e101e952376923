import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// Remembers what happened on a connection, and lets a test wait for the next thing.
///
/// Used on the connection's event loop; the test reads the stream of events.
final class Recorder: ConnectionOwner, @unchecked Sendable {
    // Its state is touched on the connection's event loop alone.
    let events: AsyncStream<ConnectionEvent>
    private let continuation: AsyncStream<ConnectionEvent>.Continuation
    private let react: (XMPPConnection, ConnectionEvent) -> Void
    private(set) var seen: [ConnectionEvent] = []

    init(_ react: @escaping (XMPPConnection, ConnectionEvent) -> Void = { _, _ in }) {
        (events, continuation) = AsyncStream.makeStream()
        self.react = react
    }

    func connection(_ connection: XMPPConnection, did event: ConnectionEvent) {
        seen.append(event)
        react(connection, event)
        continuation.yield(event)
        if case .disconnected = event { continuation.finish() }
    }

    var elements: [Element] { seen.compactMap(\.element) }
}

extension ConnectionEvent {
    var element: Element? {
        guard case .stream(.element(let element)) = self else { return nil }
        return element
    }

    var mark: UInt64? {
        guard case .wrote(let mark) = self else { return nil }
        return mark
    }

    var isDisconnect: Bool {
        if case .disconnected = self { true } else { false }
    }
}

enum Sample {
    static let header = StreamHeader(contentNamespace: Namespace.server, from: "a.example", to: "b.example")

    static func message(_ body: String) -> Element {
        Element(
            "message",
            Namespace.client,
            children: [.element(Element("body", Namespace.client, text: body))]
        )
    }
}
