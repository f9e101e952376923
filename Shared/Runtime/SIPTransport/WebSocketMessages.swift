import NIOCore
import NIOWebSocket

// Conforms: RFC 6455 §5, §7 (complete for servers; no extensions)
// Conforms: RFC 7118 §4.2, §5 (complete)

/// Turns frames into messages and messages into frames: one SIP message is one WebSocket message.
final class WebSocketMessages: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = WebSocketFrame

    /// Asks the peer for a sign of life.
    struct Ping: Sendable {}
    /// The peer's sign of life.
    struct Pong: Sendable {}

    private let largest: Int
    private let metrics: TransportMetrics
    /// A message of which not all fragments are here.
    private var fragments: (isText: Bool, octets: ByteBuffer)?
    private var saidGoodbye = false

    init(largest: Int, metrics: TransportMetrics) {
        self.largest = largest
        self.metrics = metrics
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !saidGoodbye else { return }
        let frame = unwrapInboundIn(data)
        // Clients mask (RFC 6455 section 5.1), and no extension was agreed on that would use the reserved bits.
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return violation(context, .protocolError)
        }
        switch frame.opcode {
        case .text, .binary:
            guard fragments == nil else { return violation(context, .protocolError) }
            take(context, frame, isText: frame.opcode == .text)
        case .continuation: resume(context, frame)
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .pong: context.fireUserInboundEventTriggered(Pong())
        case .connectionClose:
            var reason = frame.unmaskedData
            // The peer's own code comes back; without one there is none to give.
            goodbye(context, reason.readWebSocketErrorCode())
            context.close(promise: nil)
        default: violation(context, .protocolError)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is NIOWebSocketError else { return context.fireErrorCaught(error) }
        // The close frame has been written by who found the error.
        metrics.drop(.webSocket)
        saidGoodbye = true
    }

    private func take(_ context: ChannelHandlerContext, _ frame: WebSocketFrame, isText: Bool) {
        if frame.fin {
            deliver(context, frame.unmaskedData, isText: isText)
        } else {
            // Copied, for the frame is a part of all that was read with it.
            fragments = (isText, ByteBuffer(bytes: frame.unmaskedData.readableBytesView))
        }
    }

    private func resume(_ context: ChannelHandlerContext, _ frame: WebSocketFrame) {
        guard let begun = fragments else { return violation(context, .protocolError) }
        fragments = nil
        var (octets, more) = (begun.octets, frame.unmaskedData)
        guard octets.readableBytes + more.readableBytes <= largest else {
            return violation(context, .messageTooLarge)
        }
        octets.writeBuffer(&more)
        if frame.fin {
            deliver(context, octets, isText: begun.isText)
        } else {
            fragments = (begun.isText, octets)
        }
    }

    private func deliver(_ context: ChannelHandlerContext, _ octets: ByteBuffer, isText: Bool) {
        guard !isText || octets.isUTF8 else { return violation(context, .dataInconsistentWithMessage) }
        context.fireChannelRead(wrapInboundOut(octets))
    }

    private func violation(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
        metrics.drop(.webSocket)
        fragments = nil
        goodbye(context, code)
        context.close(promise: nil)
    }

    // MARK: Out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !saidGoodbye else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        let octets = unwrapOutboundIn(data)
        let opcode: WebSocketOpcode = octets.isUTF8 ? .text : .binary
        context.write(
            wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: octets)),
            promise: promise
        )
    }

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext,
        event: Any,
        promise: EventLoopPromise<Void>?
    ) {
        guard event is Ping else { return context.triggerUserOutboundEvent(event, promise: promise) }
        let ping = WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())
        context.writeAndFlush(wrapOutboundOut(ping), promise: promise)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        goodbye(context, .goingAway)
        context.close(mode: mode, promise: promise)
    }

    private func goodbye(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode?) {
        guard !saidGoodbye else { return }
        saidGoodbye = true
        var reason = ByteBuffer()
        if let code { reason.write(webSocketErrorCode: code) }
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: reason)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }
}

extension ByteBuffer {
    fileprivate var isUTF8: Bool {
        let octets = readableBytesUInt8Span
        // SIP is ASCII for the most part, which needs no second look.
        var highBits: UInt8 = 0
        for index in octets.indices { highBits |= octets[index] }
        return highBits < 0x80 || String(validating: readableBytesView, as: UTF8.self) != nil
    }
}
