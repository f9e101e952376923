import Logging
import NIOCore
import SIPGrammar

/// One TCP connection: cuts what comes into messages (RFC 3261 section 18.3).
final class SIPConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// After a fault that ends the connection, the answer is given time to be read: closing at once would reset it.
    private static let farewell = TimeAmount.seconds(2)

    let id: ConnectionID
    let channel: any Channel
    private let transport: SIPTransport
    private let origin: MessageOrigin
    private var framer: SIPStreamFramer
    private var lastActivity: NIODeadline
    /// Since when the peer owes us the rest of a message; its first one is owed from the start.
    private var owedSince: NIODeadline?
    /// When the framing was lost; what comes since is not looked at.
    private var lostAt: NIODeadline?

    init(id: ConnectionID, channel: any Channel, peer: SocketAddress, transport: SIPTransport) throws {
        guard let origin = MessageOrigin(.tcp, path: .connection(id), peer: peer) else {
            throw ChannelError.unknownLocalAddress
        }
        self.id = id
        self.channel = channel
        self.transport = transport
        self.origin = origin
        framer = SIPStreamFramer(limits: transport.limits.grammar)
        lastActivity = transport.loop.now
        owedSince = lastActivity
    }

    func noteActivity() {
        lastActivity = transport.loop.now
        if !framer.isInsideMessage { owedSince = nil }
    }

    /// Why the connection is to be closed now, if it is.
    func overdue(at now: NIODeadline, _ limits: TransportLimits) -> TransportMetrics.Drop? {
        if let lostAt { return now - lostAt >= Self.farewell ? .garbage : nil }
        if let owedSince, now - owedSince >= limits.incomplete { return .incomplete }
        return now - lastActivity >= limits.idle ? .idle : nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard lostAt == nil else { return }
        lastActivity = transport.loop.now
        let octets = unwrapInboundIn(data)
        framer.append(octets.readableBytesUInt8Span)
        do throws(SIPSyntaxError) {
            while let frame = try framer.next() { take(frame) }
            noteDebt()
        } catch {
            lose(error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        transport.logger.debug(
            "connection failed",
            metadata: ["peer": "\(origin.peer)", "error": "\(error)"]
        )
        context.close(promise: nil)
    }

    private func take(_ frame: SIPStreamFramer.Frame) {
        switch frame {
        case .message(let message):
            owedSince = nil
            transport.takeFrame(message, from: origin)
        case .malformed(let error, let octets):
            owedSince = nil
            transport.refuse(octets.span, error, from: origin)
        case .keepAlivePing:
            channel.write(ByteBuffer(string: "\r\n"), promise: nil)
            transport.flushLater(channel)
        case .pong:
            break
        }
    }

    private func noteDebt() {
        if framer.isInsideMessage, owedSince == nil { owedSince = lastActivity }
    }

    /// Nobody can say where the next message begins: answers if that is possible and ends the connection.
    private func lose(_ error: SIPSyntaxError) {
        lostAt = transport.loop.now
        transport.refuse(framer.unframed.span, error, from: origin)
        framer = SIPStreamFramer(limits: transport.limits.grammar)
        channel.flush()
        channel.close(mode: .output, promise: nil)
    }
}
