import BusContract
import MachineKit
import MessageBus
import Telemetry
import Testing

@Suite("Nonsense on the bus")
struct BadInputTests {
    private static let id: [UInt8] = Array(1...16)
    /// A field of a protobuf message that holds octets, shorter than 128.
    private static func field(_ number: UInt8, _ octets: [UInt8]) -> [UInt8] {
        [number << 3 | 2, UInt8(octets.count)] + octets
    }
    private static let sender = field(1, Array("raw".utf8))

    /// A site whose worker answers, and a peer that may say anything to it.
    private func play(_ nonsense: (RawPeer) throws -> Void) async throws -> Site {
        let site = try await Site()
        let service = ServiceName("im")
        let (worker, _) = site.client("worker")
        try await worker.serve(service) { .ok($0.payload) }
        let raw = try RawPeer(site.endpoints[0], listeningTo: "reply/raw/")
        #expect(raw.reaches("im/00/"))
        try nonsense(raw)
        // The rest goes on, and all that was said before has been taken in when this is answered.
        let sound = Delivery.number(7)
        raw.publish([Array("im/00/".utf8), Parcel(sender: "raw", deliveries: [sound]).encoded])
        #expect(raw.reply(to: sound.id)?.outcome == .ok(sound.payload))
        raw.close()
        await worker.close()
        await site.end()
        return site
    }

    @Test(
        arguments: [
            ([[]], "it has not two frames", "1 frames"),
            ([[1], [2], [3]], "it has not two frames", "4 frames"),
            ([[0xFF, 0xFF, 0xFF]], "it is no parcel", "notAParcel"),
            ([[]] + [[]], "it has not two frames", "3 frames"),
            ([field(2, field(1, id))], "it is no parcel", "missing"),
        ] as [([[UInt8]], String, String)]
    )
    func `is dropped with a line that says why`(_ rest: [[UInt8]], _ what: String, _ why: String) async throws
    {
        let isOneFrame = rest == [[]]
        let topic = Array("im/00/".utf8)
        let site = try await play { $0.publish(isOneFrame ? [topic] : [topic] + rest) }
        let lines = site.log.lines(with: "bus message dropped: \(what)")
        #expect(lines.count == 1)
        #expect(lines.first?.contains(why) == true)
        #expect(site.metrics.exposition().contains("causeway_bus_malformed_total 1\n"))
    }

    @Test func `does not fill the log, and is counted`() async throws {
        let site = try await play { raw in
            for _ in 0..<20_000 { raw.publish([Array("im/00/".utf8), [0xFF]]) }
        }
        #expect((1..<20).contains(site.log.lines(with: "bus message dropped").count))
        #expect(site.metrics.exposition().contains("causeway_bus_malformed_total 20000\n"))
    }

    @Test func `shows no more of a topic than fits a line`() async throws {
        let topic = Array(("im/00/" + String(repeating: "x", count: 100_000)).utf8)
        let site = try await play { $0.publish([topic, [0xFF]]) }
        #expect(site.log.lines(with: "bus message dropped").allSatisfy { $0.utf8.count < 400 })
    }

    @Test(
        arguments: [
            ("a payload of no known kind", field(5, []), "missing"),
            ("no payload", [], "missing"),
            ("a request that is none", field(5, field(2, field(1, Array("x".utf8)))), "badMessage"),
        ] as [(String, [UInt8], String)]
    )
    func `refused is a delivery with`(_ what: String, _ payload: [UInt8], _ why: String) async throws {
        let delivery = Self.field(1, Self.id) + Self.field(2, Array("a|b".utf8)) + payload
        let site = try await play { raw in
            raw.publish([Array("im/00/".utf8), Self.sender + Self.field(2, delivery)])
            let reply = raw.reply(to: try #require(DeliveryID(octets: Self.id)))
            guard case .failed(let failure)? = reply?.outcome else {
                Issue.record("not refused: \(String(describing: reply))")
                return
            }
            #expect(failure.reason == .malformed)
            #expect(failure.text.contains(why))
        }
        #expect(site.log.lines(with: "delivery refused: it does not decode").count == 1)
    }

    @Test func `is a reply to nothing, and to nobody`() async throws {
        _ = try await play { raw in
            let reply = Parcel(
                sender: "raw",
                replies: [Reply(id: DeliveryID(high: 1, low: 1), outcome: .ok(nil))]
            )
            for topic in ["reply/worker/", "reply/nobody/", "im/00/", "nothing"] {
                for _ in 0..<1_000 { raw.publish([Array(topic.utf8), reply.encoded]) }
            }
        }
    }
}

@Suite("A budget of lines")
struct LineBudgetTests {
    @Test func `gives a few lines at once and then one each interval, and says how many were left out`() {
        var budget = LineBudget(burst: 3, interval: .seconds(1))
        let spent = (0..<100).map { number in budget.spend(at: .start + .milliseconds(number * 100)) }
        let written = spent.enumerated().compactMap { number, omitted in omitted.map { (number, $0) } }
        #expect(written.map(\.0) == [0, 1, 2, 10, 20, 30, 40, 50, 60, 70, 80, 90])
        #expect(written.map(\.1) == [0, 0, 0, 7, 9, 9, 9, 9, 9, 9, 9, 9])
    }

    @Test func `is whole again after a rest`() {
        var budget = LineBudget(burst: 2, interval: .seconds(1))
        for _ in 0..<5 { _ = budget.spend(at: .start) }
        let later = (0..<3).map { _ in budget.spend(at: .start + .seconds(3_600)) }
        #expect(later == [3, 0, nil])
    }
}
