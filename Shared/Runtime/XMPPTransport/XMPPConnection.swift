package import NIOCore
import NIOSSL
import NIOTLS
package import XMPPGrammar
import XMPPStreams

/// One TCP connection with an XML stream on it: events in, elements out.
///
/// What is written during one turn of the event loop leaves with one flush. Reading stops while there is a reason to
/// pause; what was read by then waits. Everything happens on the channel's event loop.
package final class XMPPConnection: ChannelDuplexHandler, @unchecked Sendable {
    // All state is touched on the channel's event loop alone.
    package typealias InboundIn = ByteBuffer
    package typealias OutboundIn = Never
    package typealias OutboundOut = ByteBuffer

    private enum Life {
        /// In no pipeline yet.
        case fresh
        case open(ChannelHandlerContext)
        /// We have said all; what comes is thrown away until the peer closes or the time is up.
        case lingering(ChannelHandlerContext)
        case gone
    }

    /// Held until ``ConnectionEvent/disconnected``, which always comes.
    package var owner: (any ConnectionOwner)?
    package let limits: ConnectionLimits
    /// Address and port of the peer, for logs.
    package var peer: String {
        switch life {
        case .open(let context), .lingering(let context): context.remoteAddress?.description ?? "unknown"
        case .fresh, .gone: "unknown"
        }
    }

    private var life = Life.fresh
    private let parser: XMLStreamParser
    private var isBroken = false
    private var read: [StreamEvent] = []

    private var backlog: [ConnectionEvent] = []
    private var backlogHead = 0
    private var isDelivering = false
    private var pauses: PauseReasons = []
    private var readIsHeld = false

    private var outgoing: [UInt8] = []
    private var isFlushScheduled = false
    private var written: UInt64 = 0
    private var completed: UInt64 = 0
    private var secret: TLSSession?

    package init(limits: ConnectionLimits) {
        self.limits = limits
        parser = XMLStreamParser(limits: XMLStreamLimits(element: limits.stanza, depth: limits.depth))
    }

    // MARK: For the owner

    /// Octets that were taken for writing and have not been written yet.
    package var unwritten: Int { Int(written - completed) + outgoing.count }

    /// Whether as much waits to be written as may.
    package var isFull: Bool { unwritten >= limits.outbound }

    /// Puts an element at the end of what is written; the mark of ``ConnectionEvent/wrote(_:)`` that includes it.
    @discardableResult
    package func write(_ element: Element) -> UInt64 {
        if canWrite { element.write(into: &outgoing, defaultNamespace: Namespace.client) }
        return noteWrite()
    }

    /// Writes a stream header, a footer, a space.
    @discardableResult
    package func write(_ octets: [UInt8]) -> UInt64 {
        if canWrite { outgoing += octets }
        return noteWrite()
    }

    /// Reads what comes as a new stream.
    ///
    /// What was read of the old one is forgotten.
    package func restart() {
        parser.reset()
        dropBacklog()
    }

    /// Puts TLS under the stream; ``ConnectionEvent/secured(_:)`` or ``ConnectionEvent/insecure(_:)`` says how it went.
    ///
    /// What was read before is forgotten: it came in the clear and may be anybody's (RFC 6120 section 5.4.3.3).
    package func startTLS(_ session: TLSSession) {
        guard case .open(let context) = life else { return }
        flush()
        restart()
        secret = session
        do {
            try context.pipeline.syncOperations.addHandler(try session.handler(), position: .first)
        } catch {
            deliver(.insecure("\(error)"))
        }
    }

    package func pause(_ reason: PauseReasons) {
        pauses.insert(reason)
    }

    /// Called by the owner while it is told of an event: it will be told of it again when the reason is gone.
    package func putBack(_ reason: PauseReasons) {
        guard isDelivering, backlogHead > 0 else { return }
        backlogHead -= 1
        pauses.insert(reason)
    }

    package func resume(_ reason: PauseReasons) {
        guard pauses.remove(reason) != nil, pauses.isEmpty else { return }
        drain()
    }

    /// Writes what waits, says goodbye and closes; what the peer still sends is thrown away.
    package func disconnect() {
        guard case .open(let context) = life else { return }
        life = .lingering(context)
        dropBacklog()
        flush(context)
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        channel.eventLoop.assumeIsolated().scheduleTask(in: limits.linger) { channel.close(promise: nil) }
        // Whoever waits for a read that is held would wait for ever for the peer's end.
        pauses = []
        if readIsHeld { context.read() }
    }

    /// Closes at once.
    package func abort() {
        switch life {
        case .open(let context), .lingering(let context): context.close(promise: nil)
        case .fresh, .gone: break
        }
    }

    // MARK: Writing

    private var canWrite: Bool {
        switch life {
        case .fresh, .open: true
        case .lingering, .gone: false
        }
    }

    private func noteWrite() -> UInt64 {
        let mark = written + UInt64(outgoing.count)
        guard !isFlushScheduled, case .open(let context) = life else { return mark }
        isFlushScheduled = true
        context.eventLoop.assumeIsolatedUnsafeUnchecked().execute { [self] in flush() }
        return mark
    }

    private func flush() {
        isFlushScheduled = false
        guard case .open(let context) = life else { return }
        flush(context)
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard !outgoing.isEmpty else { return }
        written += UInt64(outgoing.count)
        let mark = written
        let buffer = context.channel.allocator.buffer(bytes: outgoing)
        outgoing.removeAll(keepingCapacity: outgoing.count <= 1 << 18)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolatedUnsafeUnchecked().whenSuccess { [self] in
            completed = mark
            owner?.connection(self, did: .wrote(mark))
        }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: promise)
    }

    // MARK: Telling the owner

    private func deliver(_ event: ConnectionEvent) {
        backlog.append(event)
        drain()
    }

    /// Hands over what was read, one by one, for as long as there is no reason to pause.
    private func drain() {
        guard !isDelivering else { return }
        isDelivering = true
        while pauses.isEmpty, backlogHead < backlog.count {
            let event = backlog[backlogHead]
            backlogHead += 1
            owner?.connection(self, did: event)
            if case .disconnected = event { owner = nil }
        }
        isDelivering = false
        if backlogHead == backlog.count { dropBacklog() }
        guard pauses.isEmpty, readIsHeld, case .open(let context) = life else { return }
        readIsHeld = false
        context.read()
    }

    private func dropBacklog() {
        backlog.removeAll(keepingCapacity: backlog.count <= 256)
        backlogHead = 0
    }

    // MARK: What the channel says

    package func handlerAdded(context: ChannelHandlerContext) {
        guard case .fresh = life else { return }
        life = .open(context)
    }

    package func read(context: ChannelHandlerContext) {
        guard pauses.isEmpty else {
            readIsHeld = true
            return
        }
        context.read()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .open = life, !isBroken else { return }
        let buffer = unwrapInboundIn(data)
        var fault: XMLStreamError?
        do throws(XMLStreamError) {
            try parser.feed(buffer.readableBytesUInt8Span, into: &read)
        } catch {
            fault = error
        }
        for event in read { backlog.append(.stream(event)) }
        read.removeAll(keepingCapacity: true)
        if let fault {
            isBroken = true
            backlog.append(.violated(fault.streamError))
        }
        drain()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { lookAtCertificate(context) }
        context.fireUserInboundEventTriggered(event)
    }

    private func lookAtCertificate(_ context: ChannelHandlerContext) {
        guard let secret else { return }
        pauses.insert(.verifying)
        secret.certificate(on: context.eventLoop).assumeIsolated().whenSuccess { [self] certificate in
            pauses.remove(.verifying)
            backlog.insert(.secured(certificate), at: backlogHead)
            drain()
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError {
            // A peer that goes without TLS's goodbye has gone all the same; the stream has its own goodbye.
            if case .uncleanShutdown? = error as? NIOSSLError {} else { deliver(.insecure("\(error)")) }
        }
        context.close(promise: nil)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        leave()
    }

    /// What was read before the end is still handed over, in its time.
    private func leave() {
        if case .gone = life { return }
        life = .gone
        deliver(.disconnected)
    }
}
