import BusContract
import Foundation
import Logging
import MessageBus
import NIOCore
import NIOPosix
import Resolver
import SIPEdge
import SIPTransport

/// A SIP edge and somebody who answers each of its deliveries at once with 202, in one process and without a broker: what
/// a request takes here, it takes in the edge.
enum EdgeAlone {
    /// Listens at UDP and TCP at a port of the loopback interface, says `ready`, and goes on until it is killed.
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
        }.get()
        let configuration = SIPEdgeConfiguration(
            listen: [TransportProtocol.udp, .tcp].map { SIPEndpoint($0, host: "127.0.0.1", port: port) },
            access: AccessRules(domains: ["sip.example"]),
            ratePerAddress: nil,
            transport: TransportLimits(connections: 30_000, connectionsOfOneAddress: 2_000)
        )
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
