import Logging
import MachineKit
import NIOCore
import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// A stream that another server opened to us: its machine, its connection and its timers.
final class InboundStream: StanzaSource, ConnectionOwner {
    // The circle of edge and stream is broken when the stream ends.
    private let edge: XMPPEdge
    private let connection: XMPPConnection
    private let isDirectTLS: Bool
    private let timers: MachineTimers<IncomingServerStream.Timer>
    private var machine: IncomingServerStream
    private var logger: Logger
    private(set) var isClosing = false

    init(_ connection: XMPPConnection, isDirectTLS: Bool, edge: XMPPEdge) {
        self.edge = edge
        self.connection = connection
        self.isDirectTLS = isDirectTLS
        timers = MachineTimers(loop: edge.loop)
        machine = IncomingServerStream(
            domains: edge.served,
            security: edge.configuration.security,
            offersTLS: true,
            timeouts: edge.configuration.timeouts,
            dialbackKey: edge.dialbackKey
        )
        logger = edge.logger
        logger[metadataKey: "peer"] = "\(connection.peer)"
    }

    func start() {
        connection.owner = self
        timers.start { [weak self] timer, now in
            guard let self else { return }
            obey(machine.fired(timer, at: now))
        }
        if isDirectTLS { connection.startTLS(TLSSession(serverWith: edge.tls)) }
        handle(.connected)
    }

    /// Closes our half; the peer still has a moment to say what it has to say.
    func close() {
        guard !isClosing else { return }
        isClosing = true
        handle(.close(StreamError(.systemShutdown)))
    }

    func finished(_ serial: UInt64) {
        guard serial > 0 else { return }
        handle(.finished(serial: serial))
    }

    func pause(_ reason: PauseReasons) {
        connection.pause(reason)
    }

    func resume(_ reason: PauseReasons) {
        connection.resume(reason)
    }

    func connection(_ connection: XMPPConnection, did event: ConnectionEvent) {
        switch event {
        case .stream(.element(let element)):
            if InboundStanza.isStanza(element), let reason = edge.reasonToHold(self) {
                connection.putBack(reason)
            } else {
                handle(.element(element))
            }
        case .stream(.opened(let header)): handle(.opened(header, id: freshID()))
        case .stream(.closed): handle(.closed)
        case .violated(let error): handle(.violated(error))
        case .secured(let certificate): handle(.secured(certificate))
        case .insecure(let reason):
            logger.info("TLS handshake failed on an incoming stream", metadata: ["reason": "\(reason)"])
        case .wrote: break
        case .disconnected: handle(.disconnected)
        }
    }

    private func handle(_ input: IncomingServerStream.Input) {
        obey(machine.handle(input, at: Moment(edge.loop)))
    }

    private func obey(_ effects: IncomingServerStream.Effects) {
        for effect in effects {
            switch effect {
            case .send(let output): obey(output)
            case .set(let timer, at: let moment): timers.set(timer, at: moment)
            case .cancel(let timer): timers.cancel(timer)
            case .ignore(let what): edge.metrics.ignored(what)
            }
        }
    }

    private func obey(_ output: IncomingServerStream.Output) {
        switch output {
        case .stanza(let stanza): edge.take(stanza, from: self)
        case .header(let header): connection.write(header.octets)
        case .element(let element): connection.write(element)
        case .startTLS: connection.startTLS(TLSSession(serverWith: edge.tls))
        case .restart: connection.restart()
        case .verify(let request): verify(request)
        case .authenticated(let pair):
            logger[metadataKey: "domain"] = "\(pair.remote)"
            logger.info("domain authenticated on an incoming stream", metadata: ["to": "\(pair.local)"])
        case .space: connection.write([UInt8(ascii: " ")])
        case .footer: connection.write(StreamHeader.close)
        case .disconnect: connection.disconnect()
        case .ended(let end):
            timers.stop()
            logger.info("incoming stream ended", metadata: ["why": "\(end)"])
            edge.forget(self)
        }
    }

    /// Asks the server of the domain that the peer claims to be (XEP-0220 section 2.1.2).
    private func verify(_ request: DialbackRequest) {
        edge.stream(request.pair).verify(request) { [weak self] verdict in
            self?.handle(.verdict(request, verdict))
        }
    }

    private func freshID() -> String {
        String(edge.random.next(), radix: 16) + String(edge.random.next(), radix: 16)
    }
}
