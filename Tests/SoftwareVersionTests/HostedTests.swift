import BusContract
import Logging
import MessageBus
import NIOCore
import NIOPosix
import SIPGrammar
import ServiceKit
import SoftwareVersion
import Testing
import TranslatorKit
import XMPPGrammar

/// The translator in its host, on a bus, between edges that a test plays.
@Suite("The host of software versions", .timeLimit(.minutes(1)))
struct HostedTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.any()
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let bus = LocalBus()

    private func client(_ name: String) -> BusClient {
        BusClient(instance: name, link: bus.link(), loop: loop, logger: logger)
    }

    @Test(
        arguments: [
            (200, "Linphone | 5.2"),
            (404, "error item-not-found cancel"),
        ]
    )
    func `a query goes to sip-edge and its answer comes back`(_ status: Int, _ summary: String) async throws {
        let (xmppEdge, host, sipEdge) = (client("xmpp-edge"), client("software-version"), client("sip-edge"))
        let answer = loop.makePromise(of: Outcome.self)
        let asked = loop.makePromise(of: Delivery.self)
        try await loop.submit { [logger] in
            sipEdge.serve(.sipEdge) { delivery, responder in
                asked.succeed(delivery)
                responder.reply(.response(status, [.server: "Linphone/5.2"]))
            }
            TranslatorHost(SoftwareVersion(), on: host, logger: logger).start()
            xmppEdge.deliver(.asking(), to: ServiceName("software-version")) { answer.succeed($0) }
        }.get()
        guard case .ok(.stanza(let stanza)?) = try await answer.futureResult.get() else {
            Issue.record("there was no stanza to answer with")
            return
        }
        #expect([.reply(to: Delivery.asking().id, .ok(.stanza(stanza)))].summary == summary)
        #expect(try await asked.futureResult.get().id == Delivery.asking().id.child("options"))
        for client in [xmppEdge, host, sipEdge] { await client.close() }
    }
}
