import NIOCore
import Testing
import XMPPEdge
import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// A peer that does what a script says, at a port of its own: what comes in is also a stream that the test reads.
final class ScriptedPeer: ConnectionOwner, @unchecked Sendable {
    // Its state is touched on the event loop alone.
    let events: AsyncStream<ConnectionEvent>
    private let continuation: AsyncStream<ConnectionEvent>.Continuation
    private let script: (XMPPConnection, ConnectionEvent) -> Void
    private var listener: XMPPListener?
    private var latest: XMPPConnection?

    init(_ script: @escaping (XMPPConnection, ConnectionEvent) -> Void) {
        self.script = script
        (events, continuation) = AsyncStream.makeStream()
    }

    func connection(_ connection: XMPPConnection, did event: ConnectionEvent) {
        script(connection, event)
        continuation.yield(event)
    }

    /// Listens; the port.
    func listen() async throws -> Int {
        let listener = XMPPListener(loop: Server.loop, limits: ConnectionLimits(), mostConnections: 100) {
            [self] connection in
            connection.owner = self
            latest = connection
        }
        self.listener = listener
        return try #require(try await listener.bind(host: "127.0.0.1", port: 0)?.port)
    }

    func connect(to port: Int) async throws -> XMPPConnection {
        try await XMPPConnector(loop: Server.loop, limits: ConnectionLimits())
            .connect(address: "127.0.0.1", port: port)
            .map { [self] connection in
                connection.owner = self
                return connection
            }.get()
    }

    func close() async { await listener?.close() }

    /// The next element that is wanted.
    func element(where isWanted: (Element) -> Bool) async -> Element? {
        for await event in events {
            if case .stream(.element(let element)) = event, isWanted(element) { return element }
            if case .disconnected = event, listener == nil { return nil }
        }
        return nil
    }
}

extension ScriptedPeer {
    /// A server that believes everybody and vouches for everybody, in the clear.
    static func credulous() -> ScriptedPeer {
        ScriptedPeer { connection, event in
            switch event {
            case .stream(.opened(let header)):
                let answer = StreamHeader(
                    contentNamespace: header.contentNamespace,
                    from: header.to,
                    to: header.from,
                    id: "id1",
                    version: .one,
                    declaresDialback: true
                )
                connection.write(answer.octets)
                connection.write(Element("features", Namespace.stream))
            case .stream(.element(var element)) where element.namespace == Namespace.dialback:
                (element["from"], element["to"]) = (element["to"], element["from"])
                element["type"] = "valid"
                element.children = []
                connection.write(element)
            case .stream(.closed):
                connection.write(StreamHeader.close)
                connection.disconnect()
            case .stream, .violated, .secured, .insecure, .wrote, .disconnected:
                break
            }
        }
    }

    /// Opens a stream to a server that needs no TLS and sends elements when it is believed, or at once.
    static func client(
        from domain: String,
        to server: String,
        sending elements: [Element],
        atOnce: Bool = false,
        lastWords: [Element] = []
    ) -> ScriptedPeer {
        ScriptedPeer { connection, event in
            if case .stream(.closed) = event {
                for element in lastWords { connection.write(element) }
                connection.write(StreamHeader.close)
                connection.disconnect()
            }
            guard case .stream(.element(let element)) = event else { return }
            if element.name == "features" {
                if atOnce {
                    for element in elements { connection.write(element) }
                    return
                }
                var key = Element("result", Namespace.dialback, text: "any key will do")
                (key["from"], key["to"]) = (domain, server)
                connection.write(key)
            } else if element.name == "result", element["type"] == "valid" {
                for element in elements { connection.write(element) }
            }
        }
    }

    static func header(from domain: String, to server: String) -> [UInt8] {
        StreamHeader(
            contentNamespace: Namespace.server,
            from: domain,
            to: server,
            version: .one,
            declaresDialback: true
        ).octets
    }

    /// A server that components attach to with the secret `s3cret`, after so many attempts in vain.
    ///
    /// `lastWords`: what it sends when a component has closed its half, before it closes its own.
    static func componentServer(refusing attempts: Int = 0, lastWords: [Element] = []) -> ScriptedPeer {
        var refusals = attempts
        return ScriptedPeer { connection, event in
            switch event {
            case .stream(.opened) where refusals > 0:
                refusals -= 1
                connection.abort()
            case .stream(.opened(let header)):
                let answer = StreamHeader(
                    contentNamespace: Namespace.component,
                    from: header.to,
                    id: "3BF96D32"
                )
                connection.write(answer.octets)
            case .stream(.element(let element)) where element.name == "handshake":
                // printf 3BF96D32s3cret | sha1sum
                let isGood = element.text == "a984b871214a298f0f743fcd25f99b10838ba12b"
                connection.write(
                    isGood ? Element("handshake", Namespace.component) : StreamError(.notAuthorized).element
                )
            case .stream(.closed):
                for element in lastWords { connection.write(element) }
                connection.write(StreamHeader.close)
                connection.disconnect()
            case .stream, .violated, .secured, .insecure, .wrote, .disconnected:
                break
            }
        }
    }
}

extension ScriptedPeer {
    /// Writes an element to whoever connected last.
    func say(_ element: Element) async throws {
        try await Server.loop.submit { [self] in _ = latest?.write(element) }.get()
    }
}
