import NIOCore
import NIOPosix
import SIPGrammar
import TransportSecurity

/// The connections that are open or being made.
///
/// A request goes over the connection that leads to its target if there is one (RFC 3261 section 18.1.1); what is sent
/// while a connection is being made waits for it, within bounds.
final class ConnectionTable: @unchecked Sendable {
    // All mutable state is touched on `loop` alone.

    /// What waits for a connection to be made.
    private enum Waiting {
        case message(ByteBuffer, (SendOutcome) -> Void)
        /// Somebody wants to know whether the connection can be made.
        case question((SendFailure?) -> Void)

        var size: Int {
            switch self {
            case .message(let octets, _): octets.readableBytes
            case .question: 0
            }
        }

        func fail(_ failure: SendFailure) {
            switch self {
            case .message(_, let completion): completion(.failed(failure))
            case .question(let completion): completion(failure)
            }
        }
    }

    /// May be gone before its last connection, for TLS takes its time to say goodbye.
    weak var transport: SIPTransport?
    private let loop: any EventLoop
    private let limits: TransportLimits
    private let metrics: TransportMetrics
    private let greeter: Greeter
    private var nextNumber: UInt64 = 0
    private var open: [ConnectionID: SIPConnection] = [:]
    private var routes = ConnectionRoutes()
    private var connecting: [TransportTarget: [Waiting]] = [:]
    /// How many connections are being made that are not in `open` yet.
    private var dialling = 0
    /// How many connections each address has made to us.
    private var incoming: [IPAddress: Int] = [:]
    private var sweep: Scheduled<Void>?

    init(loop: any EventLoop, limits: TransportLimits, security: TLSKeeper?, metrics: TransportMetrics) {
        self.loop = loop
        self.limits = limits
        self.metrics = metrics
        greeter = Greeter(limits: limits, security: security, metrics: metrics)
    }

    var count: Int { open.count + dialling }

    // MARK: From others

    /// Takes a connection that somebody made to us, or refuses it by closing it.
    func admit(_ channel: any Channel, _ kind: TransportProtocol) throws {
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
        let connection = try add(channel, kind, peer, isOurs: false)
        routes.add(connection.id, from: peer, kind)
        try greeter.greet(connection)
    }

    /// The peer takes requests over this connection too (RFC 5923 section 8.2).
    func alias(_ id: ConnectionID, _ via: SIPVia, _ origin: MessageOrigin) {
        let port = via.port ?? origin.transport.defaultPort
        guard let connection = open[id], !connection.isOurs,
            let address = origin.address.socketAddress(port: port)
        else { return }
        routes.alias(id, at: address, proving: origin.proven)
    }

    // MARK: Sending

    /// Sends over the connection that leads to a target, which is made if there is none.
    func send(_ octets: ByteBuffer, to target: TransportTarget, completion: @escaping (SendOutcome) -> Void) {
        let target = target.shared
        if connecting[target] == nil, let id = routes.connection(to: target), let connection = open[id],
            connection.isReady
        {
            return write(octets, over: connection, completion)
        }
        wait(.message(octets, completion), for: target)
    }

    /// Makes a connection to a target unless there is one, and says why it cannot be made, if it cannot.
    func prepare(_ target: TransportTarget, completion: @escaping (SendFailure?) -> Void) {
        let target = target.shared
        if let id = routes.connection(to: target), let connection = open[id], connection.isReady {
            return completion(nil)
        }
        wait(.question(completion), for: target)
    }

    private func wait(_ waiting: Waiting, for target: TransportTarget) {
        // Browsers cannot be connected to (RFC 7118), and servers of WebSockets are not looked for.
        guard !target.transport.isWebSocket else { return waiting.fail(.unreachable) }
        let others = connecting[target]
        guard others != nil || count < limits.connections, let transport else {
            return waiting.fail(.congested)
        }
        let queued = others?.reduce(0) { $0 + $1.size } ?? 0
        guard queued + waiting.size <= limits.outgoing else { return waiting.fail(.congested) }
        connecting[target, default: []].append(waiting)
        if others == nil { connect(to: target, for: transport) }
    }

    /// Sends a request over a connection and no other.
    func send(_ octets: ByteBuffer, over id: ConnectionID, completion: @escaping (SendOutcome) -> Void) {
        guard let connection = open[id], connection.isReady else { return completion(.failed(.closed)) }
        write(octets, over: connection, completion)
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
        metrics.send(connection.origin.transport)
        connection.noteSending()
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
        metrics.send(connection.origin.transport)
        connection.noteSending()
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

    // MARK: Connecting

    private func connect(to target: TransportTarget, for transport: SIPTransport) {
        dialling += 1
        ClientBootstrap(group: loop)
            .connectTimeout(limits.connect)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(to: target.address)
            .assumeIsolated()
            .whenComplete { [self] result in
                dialling -= 1
                do {
                    let channel = try result.get()
                    let connection = try add(channel, target.transport, target.address, isOurs: true)
                    routes.add(connection.id, to: target)
                    connection.whenReady { [self] result in settle(target, connection, result) }
                    try greeter.greet(connection, demanding: target.name ?? target.address.ipAddress ?? "")
                } catch {
                    fail(target, error)
                }
            }
    }

    /// What has waited for a connection goes over it, or fails with it.
    private func settle(
        _ target: TransportTarget,
        _ connection: SIPConnection,
        _ result: Result<Void, any Error>
    ) {
        switch result {
        case .success:
            for waiting in connecting.removeValue(forKey: target) ?? [] {
                switch waiting {
                case .message(let octets, let completion): write(octets, over: connection, completion)
                case .question(let completion): completion(nil)
                }
            }
        case .failure(let error):
            connection.channel.close(promise: nil)
            fail(target, error)
        }
    }

    private func fail(_ target: TransportTarget, _ error: any Error) {
        let failure = SendFailure(error)
        for waiting in connecting.removeValue(forKey: target) ?? [] { waiting.fail(failure) }
    }

    private func add(
        _ channel: any Channel,
        _ kind: TransportProtocol,
        _ peer: SocketAddress,
        isOurs: Bool
    ) throws -> SIPConnection {
        guard let transport else { throw ChannelError.ioOnClosedChannel }
        nextNumber += 1
        let id = ConnectionID(nextNumber)
        let connection = try SIPConnection(
            id: id,
            kind,
            channel: channel,
            peer: peer,
            isOurs: isOurs,
            transport: transport
        )
        let most = isOurs ? limits.outgoing : limits.answers
        let marks = ChannelOptions.Types.WriteBufferWaterMark(low: most / 4, high: most)
        try channel.syncOptions?.setOption(.writeBufferWaterMark, value: marks)
        channel.limitSilence(to: limits.incomplete)
        open[id] = connection
        channel.closeFuture.assumeIsolated().whenComplete { [self] _ in
            open[id] = nil
            routes.remove(id)
            connection.end()
            if connection.wasReady { self.transport?.user?.lost(id) }
        }
        sweepLater()
        return connection
    }

    /// One timer for all connections, and none while there are none.
    private func sweepLater() {
        guard sweep == nil, !open.isEmpty else { return }
        sweep = loop.assumeIsolated().scheduleTask(in: limits.sweep) { [self] in
            sweep = nil
            let now = loop.now
            for connection in open.values {
                switch connection.upkeep(at: now, limits) {
                case .none: break
                case .ping: connection.ping()
                case .close(let reason):
                    metrics.drop(reason)
                    connection.channel.close(promise: nil)
                }
            }
            sweepLater()
        }
    }
}

extension TransportTarget {
    /// What connections are shared by: a name means something only where it has to be proven.
    fileprivate var shared: TransportTarget {
        guard let name else { return self }
        return TransportTarget(transport, address, name: transport.isSecure ? name.lowercased() : nil)
    }
}
