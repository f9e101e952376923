import BusContract
import Logging
import MachineKit
import NIOCore
import NIOPosix
import Resolver
import Synchronization
import Testing
import XMPPEdge
import XMPPGrammar
import XMPPStreams
import XMPPTransport

/// A DNS whose records a test adds as it learns the ports.
final class TestDNS: Resolving {
    private let table = Mutex<[String: [SRVRecord]]>([:])

    /// Says where a domain's server is: at these ports of loopback, in this order.
    func set(_ domain: String, ports: Int...) {
        let records = ports.enumerated().map { index, port in
            SRVRecord(priority: index, weight: 0, port: port, target: "host\(index).\(domain)")
        }
        table.withLock { $0["_xmpp-server._tcp.\(domain)"] = records }
    }

    func set(_ domain: String, records: [SRVRecord]) {
        table.withLock { $0["_xmpp-server._tcp.\(domain)"] = records }
    }

    func srv(_ name: String) async throws(ResolverError) -> ResolverAnswer<SRVRecord> {
        ResolverAnswer(table.withLock { $0[name] ?? [] })
    }

    func naptr(_ name: String) async throws(ResolverError) -> ResolverAnswer<NAPTRRecord> {
        ResolverAnswer([])
    }

    func tlsa(_ name: String) async throws(ResolverError) -> ResolverAnswer<TLSARecord> { ResolverAnswer([]) }

    func addresses(_ host: String) async throws(ResolverError) -> ResolverAnswer<String> {
        if host == "127.0.0.1" || host.hasPrefix("host") { return ResolverAnswer(["127.0.0.1"]) }
        throw ResolverError(code: host.hasPrefix("slow") ? .timeout : .notFound, name: host)
    }
}

/// A server of one domain: an edge and its bus.
struct Server {
    static let loop = MultiThreadedEventLoopGroup.singleton.next()

    let domain: String
    let bus: FakeBus
    let edge: XMPPEdge
    let port: Int

    /// Starts a server that listens at a free port and is known to the DNS.
    static func start(
        _ domain: String,
        in dns: TestDNS,
        security: StreamSecurity = .dialback,
        window: Int = .max,
        configure: (inout XMPPEdgeConfiguration) -> Void = { _ in },
        answer: @escaping (Delivery, ServiceName) -> Outcome? = { _, _ in .ok(nil) }
    ) async throws -> Server {
        var configuration = XMPPEdgeConfiguration(domains: [domain])
        configuration.security = security
        configuration.listeners = [.init(host: "127.0.0.1", port: 0)]
        configure(&configuration)
        let bus = FakeBus(loop: loop, window: window, answer: answer)
        let edge = try XMPPEdge(
            configuration,
            bus: bus,
            resolver: dns,
            loop: loop,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            wallClock: { WallTime(milliseconds: 1_000) }
        )
        let addresses = try await edge.start()
        let port = addresses.first??.port ?? 0
        if port != 0 { dns.set(domain, ports: port) }
        return Server(domain: domain, bus: bus, edge: edge, port: port)
    }

    func message(
        _ body: String,
        to domain: String,
        type: String = "chat",
        from user: String = "romeo"
    ) -> Element {
        var message = Element("message", Namespace.client)
        message["from"] = "\(user)@\(self.domain)/orchard"
        message["to"] = "juliet@\(domain)"
        message["type"] = type
        message["id"] = "m-\(body)"
        message.append(Element("body", Namespace.client, text: body))
        return message
    }

    func stop() async {
        await edge.stop(grace: .seconds(5))
    }
}

/// A port of loopback at which nobody listens: tcpmux has been dead for decades.
let deadPort = 1

extension Outcome {
    var reason: Failure.Reason? {
        guard case .failed(let failure) = self else { return nil }
        return failure.reason
    }
}
