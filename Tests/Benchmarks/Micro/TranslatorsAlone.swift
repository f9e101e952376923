import BusContract
import Logging
import MachineKit
import MessageBus
import NIOCore
import NIOPosix
import SIPGrammar

/// The bus and the translators alone: this process is both edges at once, asks `im` about SIP messages that came in, and
/// takes the stanzas that come of them.
enum TranslatorsAlone {
    private static let users = 200

    /// Measures for some seconds against the broker at an endpoint, and prints how many messages a second came through.
    static func measure(broker: String, seconds: Int) async throws {
        guard let endpoint = BusEndpoint(broker) else { throw BusError(.badAddress, broker) }
        let logger = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let context = ZeroMQContext()
        let client = BusClient(
            instance: "edges-\(UInt64.random(in: .min ... .max))",
            link: ZeroMQLink([endpoint], context: context, logger: logger),
            loop: group.next(),
            logger: logger
        )
        let load = try await client.loop.submit {
            client.serve(.xmppEdge) { _, responder in responder.reply(.ok(nil)) }
            return NIOLoopBound(try Load(client, users: users), eventLoop: client.loop)
        }.get()
        _ = try await client.loop.submit { load.value.begin() }.get()
        try await run(load, for: .seconds(2))
        let before = try await client.loop.submit { load.value.begin() }.get()
        let took = try await ContinuousClock().measure { try await run(load, for: .seconds(Int64(seconds))) }
        let done = try await client.loop.submit { load.value.finished - before }.get()
        print(Int(Double(done) / (took / .seconds(1))))
        await client.close()
    }

    private static func run(_ load: NIOLoopBound<Load>, for duration: TimeAmount) async throws {
        let over = load.eventLoop.makePromise(of: Void.self)
        load.eventLoop.scheduleTask(in: duration) { over.succeed() }
        try await over.futureResult.get()
    }

    /// One message a user under way, for ever; lives on the client's loop.
    private final class Load {
        private let client: BusClient
        private let users: Int
        private let request: SIPRequest
        private let identity: SIPURI
        private(set) var finished = 0
        private var generator = SystemRandomNumberGenerator()

        init(_ client: BusClient, users: Int) throws {
            self.client = client
            self.users = users
            let text = """
                MESSAGE sip:alice@wonder.example SIP/2.0\r
                Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r
                Max-Forwards: 70\r
                From: <sip:bob@sip.example>;tag=1\r
                To: <sip:alice@wonder.example>\r
                Call-ID: 1@192.0.2.1\r
                CSeq: 1 MESSAGE\r
                Content-Type: text/plain\r
                Content-Length: 34\r
                \r
                There's a porpoise close behind us
                """
            guard case .request(let request) = try SIPMessage.parse(Array(text.utf8)),
                let identity = SIPURI("sip:bob@sip.example")
            else { throw BusError(.badAddress, "the benchmark's own message") }
            self.request = request
            self.identity = identity
        }

        /// Starts every user's loop the first time it is called; how many messages have come through.
        func begin() -> Int {
            if finished == 0 { for user in 0..<users { next(user) } }
            return finished
        }

        private func next(_ user: Int) {
            var request = request
            request.headers[.callID] = "\(user)@192.0.2.1"
            let arrival = SIPArrival(
                request: request,
                identity: identity,
                displayName: nil,
                at: .now,
                source: "udp:192.0.2.1:5060"
            )
            let delivery = Delivery(
                id: DeliveryID(using: &generator),
                key: ConversationKey("user\(user)@sip.example|alice@wonder.example"),
                patience: .seconds(30),
                payload: .sipArrival(arrival)
            )
            client.deliver(delivery, to: .instantMessaging) { _ in
                self.finished += 1
                self.next(user)
            }
        }
    }
}
