import NIOCore
import NIOHTTP1
import NIOWebSocket

// Conforms: RFC 7118 §4.1 (complete for servers)

/// The HTTP request that makes a connection a WebSocket for SIP (RFC 7118 section 4.1, RFC 6455 section 4.2).
///
/// Origin is not judged: who may do what is decided by SIP's own authentication.
enum WebSocketUpgrade {
    /// More than any browser sends, and less than would hurt.
    private static let largestRequest = 32_768

    private static var limits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 8_192
        limits.maxHeaderListSize = 16_384
        limits.maxHeaderFieldCount = 64
        return limits
    }

    /// Waits for the request at the end of a pipeline.
    ///
    /// `upgraded`: is to put the handlers of messages behind those of frames.
    static func install(
        on channel: any Channel,
        largestMessage: Int,
        metrics: TransportMetrics,
        upgraded: @escaping @Sendable (any Channel) throws -> Void
    ) throws {
        let encoder = HTTPResponseEncoder()
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits),
            maximumBufferSize: largestRequest
        )
        let refusal = UpgradeRefusal(metrics: metrics)
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: largestMessage,
            shouldUpgrade: { channel, head in
                channel.eventLoop.makeSucceededFuture(
                    head.offersSIP ? ["Sec-WebSocket-Protocol": "sip"] : nil
                )
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture { try upgraded(channel) }
            }
        )
        let upgrade = HTTPServerUpgradeHandler(
            upgraders: [upgrader],
            httpEncoder: encoder,
            extraHTTPHandlers: [decoder, refusal],
            upgradeCompletionHandler: { _ in }
        )
        try channel.pipeline.syncOperations.addHandlers([encoder, decoder, upgrade, refusal])
    }
}

extension HTTPRequestHead {
    /// Whether the client speaks the subprotocol `sip`.
    fileprivate var offersSIP: Bool {
        method == .GET
            && headers[canonicalForm: "Sec-WebSocket-Protocol"].contains { $0.lowercased() == "sip" }
    }

    fileprivate var asksForWebSocket: Bool {
        headers[canonicalForm: "Upgrade"].contains { $0.lowercased() == "websocket" }
    }
}

/// Answers requests that do not lead to a WebSocket, one a connection.
private final class UpgradeRefusal: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let metrics: TransportMetrics
    private var isOver = false

    init(metrics: TransportMetrics) {
        self.metrics = metrics
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver, case .head(let head) = unwrapInboundIn(data) else { return }
        if !head.asksForWebSocket {
            refuse(context, .upgradeRequired, "This is SIP over WebSocket (RFC 7118).")
        } else if head.headers["Sec-WebSocket-Version"] != ["13"] {
            refuse(context, .upgradeRequired, "The WebSocket version spoken here is 13.")
        } else if !head.offersSIP {
            refuse(context, .badRequest, "The WebSocket subprotocol spoken here is sip.")
        } else {
            refuse(context, .badRequest, "This is no WebSocket handshake (RFC 6455).")
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is NIOWebSocketUpgradeError, is HTTPServerUpgradeErrors:
            break  // The request follows.
        case is HTTPParserError where !isOver:
            refuse(context, .badRequest, "This is no HTTP that is understood here.")
        default: context.close(promise: nil)
        }
    }

    private func refuse(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ text: String) {
        isOver = true
        metrics.drop(.upgrade)
        var headers: HTTPHeaders = [
            "Content-Type": "text/plain", "Content-Length": "\(text.utf8.count)", "Connection": "close",
        ]
        if status == .upgradeRequired {
            headers.add(name: "Upgrade", value: "websocket")
            headers.add(name: "Sec-WebSocket-Version", value: "13")
        }
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}
