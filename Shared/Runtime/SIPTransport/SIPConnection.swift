import Logging
import NIOCore
import SIPGrammar
import TransportSecurity

/// One connection: cuts what comes into messages (RFC 3261 section 18.3), or takes them as a WebSocket brings them
/// (RFC 7118 section 5).
///
/// It begins with a greeting: TLS, the upgrade to a WebSocket, both or nothing. Messages come and go after it.
final class SIPConnection: ChannelInboundHandler, @unchecked Sendable {
    // All mutable state is touched on the transport's loop alone.
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What a connection is to be told now.
    enum Upkeep {
        case none
        case ping
        case close(TransportMetrics.Drop)
    }

    private enum Stage {
        case greeting(since: NIODeadline)
        case open
        /// The framing was lost; what comes since is not looked at.
        case lost(since: NIODeadline)
    }

    /// After a fault that ends the connection, the answer is given time to be read: closing at once would reset it.
    private static let farewell = TimeAmount.seconds(2)

    let id: ConnectionID
    let channel: any Channel
    /// Whether we opened it.
    let isOurs: Bool
    private(set) var origin: MessageOrigin
    private let transport: SIPTransport
    private var stage: Stage
    /// Whether it has been found that it must be closed.
    private var isEnding = false
    private var whenReady: ((Result<Void, any Error>) -> Void)?
    private var framer: SIPStreamFramer
    private var keepAlive: KeepAlive?
    private var lastActivity: NIODeadline
    private var lastMessage: NIODeadline
    /// Since when the peer owes us the rest of a message; its first one is owed from the start.
    private var owedSince: NIODeadline?

    init(
        id: ConnectionID,
        _ kind: TransportProtocol,
        channel: any Channel,
        peer: SocketAddress,
        isOurs: Bool,
        transport: SIPTransport
    ) throws {
        guard let origin = MessageOrigin(kind, path: .connection(id), peer: peer) else {
            throw ChannelError.unknownLocalAddress
        }
        self.id = id
        self.channel = channel
        self.isOurs = isOurs
        self.origin = origin
        self.transport = transport
        framer = SIPStreamFramer(limits: transport.limits.grammar)
        let now = transport.loop.now
        stage = .greeting(since: now)
        (lastActivity, lastMessage) = (now, now)
    }

    // MARK: Greeting

    /// Whether messages can be sent.
    var isReady: Bool {
        if case .open = stage { channel.isActive } else { false }
    }

    /// Whether messages could ever be sent.
    private(set) var wasReady = false

    /// Says once when messages can be sent, or why they never will be.
    func whenReady(_ body: @escaping (Result<Void, any Error>) -> Void) {
        if isReady { body(.success(())) } else { whenReady = body }
    }

    /// The greeting is over.
    func open(proving domains: [String]) {
        guard case .greeting = stage else { return }
        stage = .open
        wasReady = true
        origin.proven = domains
        let now = transport.loop.now
        (lastActivity, lastMessage) = (now, now)
        if !isOurs { owedSince = now }
        // Who connected to us keeps his connection open himself, but for browsers, whose programs cannot.
        if isOurs || origin.transport.isWebSocket {
            keepAlive = KeepAlive(isObliging: origin.transport.isWebSocket, at: now, transport.limits)
        }
        transport.metrics.open(origin.transport)
        tell(.success(()))
    }

    /// TLS has failed.
    func fail(_ fault: TLSFault) {
        guard case .greeting = stage else { return }
        transport.metrics.fail(fault)
        transport.logger.debug(
            "TLS handshake failed",
            metadata: ["peer": "\(origin.peer)", "reason": "\(fault)"]
        )
        tell(.failure(fault))
    }

    /// The connection is no more.
    func end() {
        tell(.failure(ChannelError.eof))
    }

    private func tell(_ result: Result<Void, any Error>) {
        // Whoever is told may close the connection, whose end is no more news then.
        let body = whenReady
        whenReady = nil
        body?(result)
    }

    // MARK: Time

    /// A message went out.
    func noteSending() {
        let now = transport.loop.now
        (lastActivity, lastMessage) = (now, now)
        keepAlive?.noteTraffic(at: now)
        if !framer.isInsideMessage { owedSince = nil }
    }

    /// What is to be done with the connection now.
    func upkeep(at now: NIODeadline, _ limits: TransportLimits) -> Upkeep {
        // TLS takes its time to say goodbye.
        guard !isEnding else { return .none }
        let upkeep = need(at: now, limits)
        if case .close = upkeep { isEnding = true }
        return upkeep
    }

    private func need(at now: NIODeadline, _ limits: TransportLimits) -> Upkeep {
        switch stage {
        case .greeting(let since):
            guard now - since >= limits.handshake else { return .none }
            if origin.transport.isSecure {
                fail(TLSFault(.timeout, "the peer did not finish the handshake in time"))
            }
            return .close(.handshake)
        case .lost(let since): return now - since >= Self.farewell ? .close(.garbage) : .none
        case .open: break
        }
        if let owedSince, now - owedSince >= limits.incomplete { return .close(.incomplete) }
        if isOurs ? now - lastMessage >= limits.kept : now - lastActivity >= limits.idle {
            return .close(.idle)
        }
        switch keepAlive?.step(at: now, limits) {
        case .ping: return .ping
        case .dead: return .close(.dead)
        case .none?, nil: return .none
        }
    }

    func ping() {
        if origin.transport.isWebSocket {
            channel.pipeline.triggerUserOutboundEvent(WebSocketMessages.Ping(), promise: nil)
        } else {
            channel.write(ByteBuffer(string: "\r\n\r\n"), promise: nil)
            transport.flushLater(channel)
        }
    }

    // MARK: What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .open = stage else { return }
        lastActivity = transport.loop.now
        keepAlive?.noteArrival(at: lastActivity)
        let octets = unwrapInboundIn(data)
        if origin.transport.isWebSocket { take(octets) } else { cut(octets) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is WebSocketMessages.Pong {
            lastActivity = transport.loop.now
            keepAlive?.noteAnswer(at: lastActivity)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        transport.logger.debug(
            "connection failed",
            metadata: ["peer": "\(origin.peer)", "error": "\(error)"]
        )
        context.close(promise: nil)
    }

    /// A stream has to be cut into messages.
    private func cut(_ octets: ByteBuffer) {
        framer.append(octets.readableBytesUInt8Span)
        do throws(SIPSyntaxError) {
            while let frame = try framer.next() { take(frame) }
            if framer.isInsideMessage, owedSince == nil { owedSince = lastActivity }
        } catch {
            lose(error)
        }
    }

    /// A WebSocket brings whole messages.
    private func take(_ octets: ByteBuffer) {
        if octets.readableBytesView.elementsEqual("\r\n\r\n".utf8) { return answerPing() }
        if octets.readableBytesView.elementsEqual("\r\n".utf8) { return }
        noteMessage()
        transport.take(octets.readableBytesUInt8Span, from: origin)
    }

    private func take(_ frame: SIPStreamFramer.Frame) {
        switch frame {
        case .message(let message):
            noteMessage()
            transport.takeFrame(message, from: origin)
        case .malformed(let error, let octets):
            noteMessage()
            transport.refuse(octets.span, error, from: origin)
        case .keepAlivePing: answerPing()
        case .pong: keepAlive?.noteAnswer(at: lastActivity)
        }
    }

    private func noteMessage() {
        owedSince = nil
        lastMessage = lastActivity
    }

    private func answerPing() {
        channel.write(ByteBuffer(string: "\r\n"), promise: nil)
        transport.flushLater(channel)
    }

    /// Nobody can say where the next message begins: answers if that is possible and ends the connection.
    private func lose(_ error: SIPSyntaxError) {
        stage = .lost(since: transport.loop.now)
        transport.refuse(framer.unframed.span, error, from: origin)
        framer = SIPStreamFramer(limits: transport.limits.grammar)
        channel.flush()
        channel.close(mode: .output, promise: nil)
    }
}
