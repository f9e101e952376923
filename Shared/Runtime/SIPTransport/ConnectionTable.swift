import NIOCore
import NIOPosix

/// The TCP connections that are open or being made.
///
/// A request goes over the connection to its address if there is one (RFC 3261 section 18.1.1); what is sent while a
/// connection is being made waits for it, within bounds.
final class ConnectionTable: @unchecked Sendable {
    // All mutable state is touched on `loop` alone.

    private struct Waiting {
        var octets: ByteBuffer
        var completion: (SendOutcome) -> Void
    }

    unowned var transport: SIPTransport?
    private let loop: any EventLoop
    private let limits: TransportLimits
    private let metrics: TransportMetrics
    private var nextNumber: UInt64 = 0
    private var open: [ConnectionID: SIPConnection] = [:]
    private var byPeer: [SocketAddress: ConnectionID] = [:]
    private var connecting: [SocketAddress: [Waiting]] = [:]
    /// How many connections each address has made to us.
    private var incoming: [IPAddress: Int] = [:]
    private var sweep: Scheduled<Void>?

    init(loop: any EventLoop, limits: TransportLimits, metrics: TransportMetrics) {
        self.loop = loop
        self.limits = limits
        self.metrics = metrics
    }

    var count: Int { open.count + connecting.count }

    /// Takes a connection that somebody made to us, or refuses it by closing it.
    func admit(_ channel: any Channel) throws {
        guard let peer = channel.remoteAddress, let address = IPAddress(peer), count < limits.connections,
            incoming[address, default: 0] < limits.connectionsOfOneAddress
        else {
            metrics.drop(.connectionRefused)
            channel.close(promise: nil)
            return
        }
        incoming[address, default: 0] += 1
        channel.closeFuture.assumeIsolated().whenComplete { [self] _ in
            let left = incoming[address, default: 1] - 1
            incoming[address] = left > 0 ? left : nil
        }
        try add(channel, peer, buffering: limits.answers)
    }

    /// Sends over the connection to an address, which is made if there is none.
    func send(_ octets: ByteBuffer, to address: SocketAddress, completion: @escaping (SendOutcome) -> Void) {
        if let id = byPeer[address], let connection = open[id] {
            return write(octets, over: connection, completion)
        }
        let waiting = connecting[address]
        guard waiting != nil || count < limits.connections, let transport else {
            return completion(.failed(.congested))
        }
        let queued = waiting?.reduce(0) { $0 + $1.octets.readableBytes } ?? 0
        guard queued + octets.readableBytes <= limits.outgoing else { return completion(.failed(.congested)) }
        connecting[address, default: []].append(Waiting(octets: octets, completion: completion))
        if waiting == nil { connect(to: address, for: transport) }
    }

    /// Sends over a connection; false if it is not open any more.
    func send(_ octets: ByteBuffer, over id: ConnectionID) -> Bool {
        guard let connection = open[id], connection.channel.isActive else { return false }
        guard connection.channel.isWritable else {
            // Whoever does not read what he asked for gets no more of it.
            metrics.drop(.congested)
            connection.channel.close(promise: nil)
            return true
        }
        metrics.send(.tcp)
        connection.noteActivity()
        connection.channel.write(octets, promise: nil)
        transport?.flushLater(connection.channel)
        return true
    }

    func closeAll() {
        sweep?.cancel()
        for connection in open.values { connection.channel.close(promise: nil) }
    }

    private func write(
        _ octets: ByteBuffer,
        over connection: SIPConnection,
        _ completion: @escaping (SendOutcome) -> Void
    ) {
        guard connection.channel.isWritable else { return completion(.failed(.congested)) }
        metrics.send(.tcp)
        connection.noteActivity()
        let (id, promise) = (connection.id, loop.makePromise(of: Void.self))
        promise.futureResult.assumeIsolated().whenComplete { result in
            switch result {
            case .success: completion(.sent(id))
            case .failure(let error): completion(.failed(SendFailure(error)))
            }
        }
        connection.channel.write(octets, promise: promise)
        transport?.flushLater(connection.channel)
    }

    private func connect(to address: SocketAddress, for transport: SIPTransport) {
        ClientBootstrap(group: loop)
            .connectTimeout(limits.connect)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(to: address)
            .assumeIsolated()
            .whenComplete { [self] result in
                let waiting = connecting.removeValue(forKey: address) ?? []
                do {
                    let connection = try add(result.get(), address, buffering: limits.outgoing)
                    for message in waiting { write(message.octets, over: connection, message.completion) }
                } catch {
                    for message in waiting { message.completion(.failed(SendFailure(error))) }
                }
            }
    }

    @discardableResult
    private func add(
        _ channel: any Channel,
        _ peer: SocketAddress,
        buffering most: Int
    ) throws -> SIPConnection {
        guard let transport else { throw ChannelError.ioOnClosedChannel }
        nextNumber += 1
        let id = ConnectionID(nextNumber)
        let connection = try SIPConnection(id: id, channel: channel, peer: peer, transport: transport)
        let marks = ChannelOptions.Types.WriteBufferWaterMark(low: most / 4, high: most)
        try channel.syncOptions?.setOption(.writeBufferWaterMark, value: marks)
        try channel.pipeline.syncOperations.addHandler(connection)
        channel.limitSilence(to: limits.incomplete)
        open[id] = connection
        byPeer[peer] = id
        channel.closeFuture.assumeIsolated().whenComplete { [self] _ in
            open[id] = nil
            if byPeer[peer] == id { byPeer[peer] = nil }
            self.transport?.user?.lost(id)
        }
        sweepLater()
        return connection
    }

    /// One timer for all connections, and none while there are none.
    private func sweepLater() {
        guard sweep == nil, !open.isEmpty else { return }
        let interval = min(TimeAmount.seconds(1), limits.incomplete, limits.idle)
        sweep = loop.assumeIsolated().scheduleTask(in: interval) { [self] in
            sweep = nil
            let now = loop.now
            for connection in open.values {
                guard let reason = connection.overdue(at: now, limits) else { continue }
                metrics.drop(reason)
                connection.channel.close(promise: nil)
            }
            sweepLater()
        }
    }
}
