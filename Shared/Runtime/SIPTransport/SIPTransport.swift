package import Logging
package import NIOCore
import NIOPosix
package import SIPGrammar
package import TransportSecurity

// Conforms: RFC 3261 §18 (partial: no multicast; RFC 3263 is the edge's)
// Conforms: RFC 3581 (complete)

/// The transport layer of RFC 3261 section 18 over UDP, TCP, TLS and WebSocket, for IPv4 and IPv6.
///
/// Everything happens on one event loop: calls are made there and its user is called there. What is written during one
/// turn of the loop is flushed once, so that many datagrams leave by one system call.
package final class SIPTransport: @unchecked Sendable {
    // All mutable state is touched on `loop` alone, which `assertInEventLoop` checks in debug builds.

    package let loop: any EventLoop
    package weak var user: (any SIPTransportUser)?
    let limits: TransportLimits
    let logger: Logger
    let metrics = TransportMetrics()

    private var sockets: [DatagramSocket] = []
    private var listeners: [StreamListener] = []
    let connections: ConnectionTable
    /// Our certificates; nil where nobody set up TLS.
    private let security: TLSKeeper?
    private let probes: ReachabilityProbes
    private var localAddresses = LocalAddresses()
    /// What requests have said of us, so that responses to others are known.
    private var said: Set<SentBy> = []
    private var unflushed: [ObjectIdentifier: any Channel] = [:]

    private var isFlushing = false

    private struct SentBy: Hashable {
        var host: SIPHost
        var port: Int
    }

    /// A transport on a loop, which listens at nothing yet.
    ///
    /// `security`: our certificates and whom we trust; without it there is no TLS, neither to us nor from us.
    package init(
        loop: any EventLoop,
        limits: TransportLimits = TransportLimits(),
        security: TLSKeeper? = nil,
        logger: Logger
    ) {
        self.loop = loop
        self.limits = limits
        self.logger = logger
        self.security = security
        connections = ConnectionTable(loop: loop, limits: limits, security: security, metrics: metrics)
        probes = ReachabilityProbes(loop: loop)
        connections.transport = self
    }

    /// The addresses that are listened at, with the ports that the system chose for port 0.
    package var endpoints: [SIPEndpoint] {
        sockets.map(\.endpoint) + listeners.map(\.endpoint)
    }

    /// Whether every socket that was asked for still takes what comes.
    package var isListening: Bool {
        sockets.allSatisfy(\.channel.isActive) && listeners.allSatisfy(\.channel.isActive)
    }

    /// How many connections are open.
    package var connectionCount: Int { connections.count }

    /// Listens at all of the addresses, or at none.
    ///
    /// - Throws: ``SIPListenError``, which names the address at fault.
    package func listen(at endpoints: [SIPEndpoint]) async throws {
        for endpoint in endpoints {
            do {
                switch endpoint.transport {
                case .udp: try await listenForDatagrams(endpoint, among: endpoints)
                case .tcp, .tls, .ws, .wss: try await listenForConnections(endpoint, among: endpoints)
                }
            } catch {
                await close()
                throw SIPListenError(endpoint, cause: error)
            }
        }
    }

    /// Stops listening and ends all connections.
    package func close() async {
        let channels = try? await loop.submit { [self] in
            let channels = sockets.map(\.channel) + listeners.map(\.channel)
            sockets = []
            listeners = []
            connections.closeAll()
            return channels
        }.get()
        for channel in channels ?? [] { try? await channel.close().get() }
    }

    /// Sends a request to a target and says once what became of it.
    package func send(
        _ octets: ByteBuffer,
        to target: TransportTarget,
        completion: @escaping (SendOutcome) -> Void
    ) {
        loop.assertInEventLoop()
        switch target.transport {
        case .udp:
            guard let socket = socket(toward: target.address) else {
                return completion(.failed(.unsupported))
            }
            metrics.send(.udp)
            let promise = loop.makePromise(of: Void.self)
            promise.futureResult.assumeIsolatedUnsafeUnchecked().whenComplete { result in
                switch result {
                case .success: completion(.sent(nil))
                case .failure(let error): completion(.failed(SendFailure(error)))
                }
            }
            write(octets, to: socket.reachable(target.address), by: socket, promise)
        case .tcp, .tls, .ws, .wss:
            connections.send(octets, to: target, completion: completion)
        }
    }

    /// Makes the connection that a request to a target would go over, and says why that cannot be, if it cannot.
    package func prepare(_ target: TransportTarget, completion: @escaping (SendFailure?) -> Void) {
        loop.assertInEventLoop()
        guard target.transport.isReliable else { return completion(nil) }
        connections.prepare(target, completion: completion)
    }

    /// Sends a request over a connection that is open and no other, as a WebSocket's far end can be reached by nothing
    /// else, and says once what became of it.
    package func send(
        _ octets: ByteBuffer,
        over connection: ConnectionID,
        completion: @escaping (SendOutcome) -> Void
    ) {
        loop.assertInEventLoop()
        connections.send(octets, over: connection, completion: completion)
    }

    /// Sends a datagram again, and finds out whether anybody listens there.
    package func resend(_ octets: ByteBuffer, to target: TransportTarget) {
        loop.assertInEventLoop()
        guard target.transport == .udp, let socket = socket(toward: target.address) else { return }
        metrics.send(.udp)
        write(octets, to: socket.reachable(target.address), by: socket, nil)
        probes.probe(target.address) { [weak self] in self?.user?.refused(target) }
    }

    /// Sends a response on the way back that its request's top Via and origin say.
    package func respond(_ octets: ByteBuffer, via: SIPVia, to origin: MessageOrigin) {
        loop.assertInEventLoop()
        switch origin.path {
        case .datagram(let number):
            guard sockets.indices.contains(number) else { return metrics.drop(.unsent) }
            metrics.send(.udp)
            write(octets, to: ResponseRoute.datagram(via, origin), by: sockets[number], nil)
        case .connection(let id):
            if connections.send(octets, over: id) { return }
            guard let target = ResponseRoute.reconnection(via, origin) else { return metrics.drop(.unsent) }
            connections.send(octets, to: target) { [metrics] outcome in
                if case .failed = outcome { metrics.drop(.unsent) }
            }
        }
    }

    /// What a Via for this target says of us: the listener's port, and its address unless a host is advertised.
    package func sentBy(
        toward target: TransportTarget,
        advertising host: SIPHost?
    ) -> (host: SIPHost, port: Int)? {
        guard let (bound, own) = listener(toward: target), let host = host ?? own ?? routed(target) else {
            return nil
        }
        let port = bound.port ?? target.transport.defaultPort
        said.insert(SentBy(host: host, port: port))
        return (host, port)
    }

    /// The socket that responses and new connections from a target come to.
    private func listener(toward target: TransportTarget) -> (bound: SocketAddress, host: SIPHost?)? {
        if target.transport == .udp {
            return socket(toward: target.address).map { ($0.bound, $0.host) }
        }
        let isIPv4 = IPAddress(target.address)?.isIPv4
        let fitting = listeners.filter { $0.endpoint.transport == target.transport }
        let listener =
            fitting.first { IPAddress($0.bound)?.isIPv4 == isIPv4 } ?? fitting.first ?? listeners.first
        return listener.map { ($0.bound, $0.host) } ?? sockets.first.map { ($0.bound, $0.host) }
    }

    /// The address that packets to a target leave from.
    private func routed(_ target: TransportTarget) -> SIPHost? {
        localAddresses.address(toward: target.address).map { SIPHost($0) }
    }

    /// Whether a response's top Via is one that was written for a request of ours; if not, the response must be
    /// discarded (RFC 3261 section 18.1.2).
    func hasSaid(_ via: SIPVia) -> Bool {
        let transport = TransportProtocol(rawValue: via.transport.lowercased())
        return said.contains(SentBy(host: via.host, port: via.port ?? transport?.defaultPort ?? 5060))
    }

    private func socket(toward address: SocketAddress) -> DatagramSocket? {
        guard let isIPv4 = IPAddress(address)?.isIPv4 else { return nil }
        return sockets.first { $0.isIPv4 == isIPv4 } ?? sockets.first { isIPv4 && $0.isDualStack }
    }

    private func write(
        _ octets: ByteBuffer,
        to address: SocketAddress,
        by socket: DatagramSocket,
        _ promise: EventLoopPromise<Void>?
    ) {
        socket.channel.write(AddressedEnvelope(remoteAddress: address, data: octets), promise: promise)
        flushLater(socket.channel)
    }

    /// Flushes a channel at the end of this turn of the loop.
    func flushLater(_ channel: any Channel) {
        unflushed[ObjectIdentifier(channel)] = channel
        guard !isFlushing else { return }
        isFlushing = true
        loop.assumeIsolatedUnsafeUnchecked().execute { [self] in
            isFlushing = false
            let channels = unflushed
            unflushed.removeAll(keepingCapacity: channels.count < 64)
            for channel in channels.values { channel.flush() }
        }
    }

    private func listenForDatagrams(_ endpoint: SIPEndpoint, among all: [SIPEndpoint]) async throws {
        let number = try await loop.submit { [self] in sockets.count }.get()
        let channel = try await DatagramSocket.bootstrap(loop, exclusively: endpoint.sharesPort(with: all)) {
            [self] in
            DatagramHandler(transport: self, number: number)
        }.bind(host: endpoint.host, port: endpoint.port).get()
        try await loop.submit { [self] in
            sockets.append(
                try DatagramSocket(channel, endpoint, isDualStack: !endpoint.sharesPort(with: all))
            )
        }.get()
    }

    private func listenForConnections(_ endpoint: SIPEndpoint, among all: [SIPEndpoint]) async throws {
        if endpoint.transport.isSecure, security == nil { throw SIPListenError(endpoint, .noCertificate) }
        let channel = try await StreamListener.bootstrap(loop, exclusively: endpoint.sharesPort(with: all)) {
            [self] in
            try connections.admit($0, endpoint.transport)
        }.bind(host: endpoint.host, port: endpoint.port).get()
        try await loop.submit { [self] in listeners.append(try StreamListener(channel, endpoint)) }.get()
    }
}

extension SIPEndpoint {
    /// Whether another address of ours has this port and transport in the other family, so that an IPv6 socket must
    /// leave IPv4 alone.
    fileprivate func sharesPort(with all: [SIPEndpoint]) -> Bool {
        all.contains {
            $0 != self && $0.port == port && ($0.transport == .udp) == (transport == .udp)
        }
    }
}

extension SendFailure {
    init(_ error: any Error) {
        self =
            switch error {
            case let error as IOError: Self.of(errno: error.errnoCode)
            case let error as NIOConnectionError:
                error.connectionErrors.first.map { SendFailure($0.error) } ?? .unreachable
            case ChannelError.connectTimeout: .unreachable
            case let fault as TLSFault: .insecure(fault.description)
            case ChannelError.writeMessageTooLarge: .tooLarge
            default: .closed
            }
    }
}
