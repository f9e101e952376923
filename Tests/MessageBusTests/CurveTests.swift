import BusContract
import Logging
import MessageBus
import Telemetry
import Testing

@Suite("An encrypted bus")
struct CurveTests {
    private let service = ServiceName("im")
    private static let networks = [BusKind.ipc, .tcp]

    /// Asks over a site for a short while.
    private func ask(_ site: Site, _ curve: CurveClient?, by worker: CurveClient?) async throws -> Outcome {
        let (worker, _) = site.client("worker", curve: worker)
        let (sender, _) = site.client("sender", curve: curve)
        try await worker.serve(service) { .ok($0.payload) }
        let outcome = try await sender.ask(.number(1, patience: .milliseconds(900)), of: service)
        await sender.close()
        await worker.close()
        await site.end()
        return outcome
    }

    private func client(_ pair: CurveKeyPair, of server: CurveKeyPair) -> CurveClient {
        CurveClient(serverKey: server.publicKey, pair: pair)
    }

    @Test(arguments: networks)
    func `carries work between all who have the one pair of a site`(_ kind: BusKind) async throws {
        let pair = try CurveKeyPair.fresh()
        let site = try await Site(over: kind, curve: CurveServer(pair: pair))
        let one = client(pair, of: pair)
        #expect(try await ask(site, one, by: one) == .ok(Delivery.number(1).payload))
        #expect(site.log.lines(with: "refused").isEmpty)
    }

    @Test(arguments: networks)
    func `carries work between those whom the broker admits`(_ kind: BusKind) async throws {
        let (server, sender, worker) = try (CurveKeyPair.fresh(), CurveKeyPair.fresh(), CurveKeyPair.fresh())
        let admitted = CurveServer(pair: server, clients: [sender.publicKey, worker.publicKey])
        let site = try await Site(over: kind, curve: admitted)
        let outcome = try await ask(site, client(sender, of: server), by: client(worker, of: server))
        #expect(outcome == .ok(Delivery.number(1).payload))
    }

    @Test(arguments: networks)
    func `refuses a key that is not admitted, in a line without secrets`(_ kind: BusKind) async throws {
        let (server, stranger) = try (CurveKeyPair.fresh(), CurveKeyPair.fresh())
        let site = try await Site(over: kind, curve: CurveServer(pair: server))
        let outcome = try await ask(site, client(stranger, of: server), by: client(server, of: server))
        #expect(outcome == .failed(Failure(.deadline, "no answer from im in time")))
        // A handshake that the broker breaks off may be told of as well, by a line that knows no key.
        let lines = site.log.lines(with: "peer refused: bus.curve.clients")
        #expect(!lines.isEmpty && lines.count < 40)
        #expect(lines.allSatisfy { $0.contains(stranger.publicKey) })
        #expect(!site.log.lines(with: "broker refuses this process").isEmpty)
        #expect(site.metrics.exposition().contains("causeway_bus_refused_total{why=\"key\"}"))
        for pair in [server, stranger] {
            #expect(site.log.lines(with: pair.secretKey.revealed).isEmpty)
        }
    }

    @Test func `no longer admits the broker's own pair when others are listed`() async throws {
        let (server, other) = try (CurveKeyPair.fresh(), CurveKeyPair.fresh())
        let site = try await Site(curve: CurveServer(pair: server, clients: [other.publicKey]))
        let outcome = try await ask(site, client(server, of: server), by: client(other, of: server))
        #expect(outcome == .failed(Failure(.deadline, "no answer from im in time")))
    }

    @Test(arguments: networks, [true, false])
    func `refuses who does not encrypt, or takes another key for the broker's`(
        _ kind: BusKind,
        _ isPlain: Bool
    ) async throws {
        let (server, other) = try (CurveKeyPair.fresh(), CurveKeyPair.fresh())
        let site = try await Site(over: kind, curve: CurveServer(pair: server))
        let mistaken = isPlain ? nil : client(server, of: other)
        let outcome = try await ask(site, mistaken, by: client(server, of: server))
        #expect(outcome == .failed(Failure(.deadline, "no answer from im in time")))
        #expect(!site.log.lines(with: "peer refused: it does not encrypt").isEmpty)
        // Whoever notices first hangs up, so that the other may learn no more than that.
        let reasons = ["broker not understood", "broker hung up"].flatMap(site.log.lines(with:))
        #expect(!reasons.isEmpty)
        #expect(site.metrics.exposition().contains("causeway_bus_refused_total{why=\"handshake\"}"))
        #expect(site.log.lines.count < 100)
    }

    @Test func `takes in a service that it refused, once its key is admitted`() async throws {
        let (server, late) = try (CurveKeyPair.fresh(), CurveKeyPair.fresh())
        let site = try await Site(curve: CurveServer(pair: server))
        let (worker, _) = site.client("worker", curve: client(late, of: server))
        try await worker.serve(service) { .ok($0.payload) }
        await site.log.says("broker refuses this process")
        await site.end(0)
        try await site.restart(0, curve: CurveServer(pair: server, clients: [late.publicKey]))
        let (sender, _) = site.client("sender", curve: client(late, of: server))
        #expect(try await sender.ask(.number(1), of: service) == .ok(Delivery.number(1).payload))
        await sender.close()
        await worker.close()
        await site.end()
    }

    @Test func `takes in a service that did not encrypt, once the broker does not either`() async throws {
        let pair = try CurveKeyPair.fresh()
        let site = try await Site()
        let (worker, _) = site.client("worker", curve: client(pair, of: pair))
        try await worker.serve(service) { .ok($0.payload) }
        await site.log.says("warning test: broker")
        await site.end(0)
        try await site.restart(0, curve: CurveServer(pair: pair))
        let (sender, _) = site.client("sender", curve: client(pair, of: pair))
        #expect(try await sender.ask(.number(1), of: service) == .ok(Delivery.number(1).payload))
        await sender.close()
        await worker.close()
        await site.end()
    }

    @Test func `may be bound where other hosts reach it`() async throws {
        let pair = try CurveKeyPair.fresh()
        let context = ZeroMQContext()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var broker: Broker?
        while broker == nil {
            let text = "tcp://0.0.0.0:\(Int.random(in: 20_000...32_000))"
            let endpoint = try #require(BusEndpoint(text))
            do throws(BusError) {
                broker = try Broker(endpoint, curve: .init(pair: pair), context: context, logger: logger)
            } catch {
                #expect(error.code == .addressInUse)
            }
        }
        await broker?.close()
        await context.terminate()
    }
}

@Suite("A pair of keys")
struct CurveKeyPairTests {
    @Test func `is another one each time, and its public key follows from its secret one`() throws {
        let (one, other) = try (CurveKeyPair.fresh(), CurveKeyPair.fresh())
        #expect(one != other)
        #expect(CurveKeyPair(secretKey: one.secretKey) == one)
        #expect(one.publicKey.utf8.count == 40 && one.secretKey.revealed.utf8.count == 40)
    }

    /// The vector of 26/CURVEZMQ's own test keys, as zmq_curve_public(3) gives them.
    @Test func `is what libzmq's documentation has`() {
        let pair = CurveKeyPair(secretKey: Secret("D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"))
        #expect(pair?.publicKey == "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID")
    }

    @Test(arguments: 0..<50) func `can be pasted anywhere`(_: Int) throws {
        let pair = try CurveKeyPair.fresh()
        for key in [pair.publicKey, pair.secretKey.revealed] {
            #expect(key.first.map { $0.isLetter || $0.isNumber } == true)
            #expect(!key.contains { "\"'\\$`, ".contains($0) })
        }
    }

    @Test(arguments: [
        "", "short", "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs0", "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%c\"",
        String(repeating: "a", count: 200), String(repeating: "é", count: 20),
    ])
    func `is nothing else`(_ text: String) {
        #expect(CurveKeyPair(secretKey: Secret(text)) == nil)
    }
}
