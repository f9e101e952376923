import BusContract
import Foundation
import Logging
import MessageBus
import NIOCore
import NIOPosix
import Resolver
import SIPEdge
import SIPGrammar
import SIPTransport
import TransportSecurity

/// A SIP edge and somebody who answers each of its deliveries at once with 202, in one process and without a broker: what
/// a request takes here, it takes in the edge.
enum EdgeAlone {
    /// Listens at a port of the loopback interface for UDP and TCP, at the next one for TLS, says `ready`, and goes on until
    /// it is killed.
    static func serve(at port: Int) async throws {
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let logger = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        let bus = LocalBus()
        let edges = BusClient(instance: "edge", link: bus.link(), loop: loop, logger: logger)
        let translators = BusClient(instance: "im", link: bus.link(), loop: loop, logger: logger)
        try await loop.submit {
            translators.serve(.instantMessaging) { _, responder in
                responder.reply(.ok(.sipAnswer(SIPAnswer(202))))
            }
            let claims = [SIPClaim(.message)]
            translators.offer(ServiceOffer(.instantMessaging, claims: claims, accept: ["text/plain"]))
        }.get()
        var configuration = SIPEdgeConfiguration(
            listen: [(TransportProtocol.udp, port), (.tcp, port), (.tls, port + 1)].map { transport, port in
                SIPEndpoint(transport, host: "127.0.0.1", port: port)
            },
            access: AccessRules(domains: ["sip.example"]),
            ratePerAddress: nil,
            transport: TransportLimits(connections: 30_000, connectionsOfOneAddress: 2_000)
        )
        // A certificate of its own making: nobody looks at it here.
        configuration.security = try TLSKeeper(TLSSources(names: ["sip.example"]))
        let edge = SIPEdge(
            configuration,
            loop: loop,
            courier: edges,
            resolver: StaticResolver(),
            logger: logger
        )
        try await edge.start()
        FileHandle.standardOutput.write(Data("ready\n".utf8))
        try await Task.sleep(for: .seconds(3_600))
        await edge.stop()
    }
}
