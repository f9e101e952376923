import Logging
import NIOCore
import NIOPosix
import SIPGrammar
import SIPTransport
import TransportSecurity

/// A transport on loopback whose user answers every request with 200 and tells of everything.
final class Station: SIPTransportUser, @unchecked Sendable {
    // All mutable state is touched on the loop alone.

    enum Event: Hashable, Sendable {
        case request(SIPMethod, via: String, body: String)
        case response(Int)
        case lost
        case refused(String)
    }

    let loop: any EventLoop
    let transport: SIPTransport
    let events = Mailbox<Event>()
    private(set) var origins: [MessageOrigin] = []
    /// Whether requests are answered.
    private let isSilent: Bool

    init(limits: TransportLimits = TransportLimits(), isSilent: Bool = false, security: TLSKeeper? = nil) {
        loop = MultiThreadedEventLoopGroup.singleton.next()
        transport = SIPTransport(
            loop: loop,
            limits: limits,
            security: security,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        self.isSilent = isSilent
        transport.user = self
    }

    static func open(
        at endpoints: [String] = ["udp://127.0.0.1:0", "tcp://127.0.0.1:0"],
        limits: TransportLimits = TransportLimits(),
        isSilent: Bool = false,
        security: TLSKeeper? = nil
    ) async throws -> Station {
        let station = Station(limits: limits, isSilent: isSilent, security: security)
        try await station.transport.listen(at: endpoints.compactMap { SIPEndpoint($0) })
        return station
    }

    func port(_ transport: TransportProtocol) async throws -> Int {
        try await loop.submit { [self] in
            self.transport.endpoints.first { $0.transport == transport }?.port ?? 0
        }.get()
    }

    var lastOrigin: MessageOrigin? {
        get async { try? await loop.submit { [self] in origins.last }.get() }
    }

    /// Sends a request over the connection by which something came.
    func send(_ text: String, over origin: MessageOrigin) async throws -> SendOutcome {
        guard case .connection(let id) = origin.path else { return .failed(.unsupported) }
        let promise = loop.makePromise(of: SendOutcome.self)
        loop.execute { [self] in
            transport.send(ByteBuffer(string: text), over: id) { promise.succeed($0) }
        }
        return try await promise.futureResult.get()
    }

    /// The domains that the peer of the latest request has proven to be.
    var provenByLast: [String]? {
        get async { try? await loop.submit { [self] in origins.last?.proven }.get() }
    }

    /// Sends a request by TLS to whoever proves to be somebody.
    func send(_ via: String, to port: Int, naming name: String?) async throws -> SendOutcome {
        try await send(message(via: via), .tls, to: port, naming: name)
    }

    func send(
        _ text: String,
        _ transport: TransportProtocol,
        to port: Int,
        naming name: String? = nil
    ) async throws -> SendOutcome {
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        let target = TransportTarget(transport, address, name: name)
        let promise = loop.makePromise(of: SendOutcome.self)
        loop.execute { [self] in
            self.transport.send(ByteBuffer(string: text), to: target) { promise.succeed($0) }
        }
        return try await promise.futureResult.get()
    }

    /// Makes a connection; why it cannot be made, if it cannot.
    func prepare(_ transport: TransportProtocol, to port: Int) async throws -> SendFailure? {
        let target = TransportTarget(transport, try SocketAddress(ipAddress: "127.0.0.1", port: port))
        let promise = loop.makePromise(of: SendFailure?.self)
        loop.execute { [self] in self.transport.prepare(target) { promise.succeed($0) } }
        return try await promise.futureResult.get()
    }

    func resend(_ text: String, to port: Int) throws {
        let target = TransportTarget(.udp, try SocketAddress(ipAddress: "127.0.0.1", port: port))
        loop.execute { [self] in transport.resend(ByteBuffer(string: text), to: target) }
    }

    /// Answers the latest request now.
    func answer(_ status: Int, via: String, body: [UInt8] = []) {
        loop.execute { [self] in
            guard let origin = origins.last else { return }
            let headers: SIPHeaders = [
                .via: via, .from: "<sip:a@b>;tag=1", .to: "<sip:c@d>", .callID: "1", .cSeq: "1 MESSAGE",
            ]
            guard let value = try? headers.topVia() else { return }
            transport.respond(
                ByteBuffer(bytes: SIPResponse(status, headers: headers, body: body).octets),
                via: value,
                to: origin
            )
        }
    }

    func received(_ request: ReceivedRequest) {
        origins.append(request.origin)
        let body = String(decoding: request.request.body, as: UTF8.self)
        events.put(.request(request.request.method, via: request.mandatory.via.description, body: body))
        guard !isSilent, request.request.method != .ack else { return }
        let response = request.request.response(200, toTag: "t")
        transport.respond(ByteBuffer(bytes: response.octets), via: request.mandatory.via, to: request.origin)
    }

    func received(_ response: SIPResponse, via: SIPVia) {
        events.put(.response(response.status))
    }

    func lost(_ connection: ConnectionID) {
        events.put(.lost)
    }

    func refused(_ target: TransportTarget) {
        events.put(.refused(target.description))
    }
}
