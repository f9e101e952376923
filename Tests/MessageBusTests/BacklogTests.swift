import BusContract
import MessageBus
import Testing

struct BacklogTests {
    private static func arrivals(_ count: Int) -> [Arrival] {
        let parcel = Parcel(
            sender: "flood",
            deliveries: (0..<count).map { Delivery.number(UInt64($0)) },
            replies: [Reply(id: DeliveryID(high: 1, low: 1), outcome: .ok(nil))]
        )
        return [Arrival(topic: Topic(ServiceName("im"), shard: 0), decoded: Parcel.Decoded(parcel: parcel))]
    }

    @Test func `keeps no more deliveries than senders' windows hold, and every reply`() {
        let backlog = Backlog()
        var (kept, taken) = (0, 0)
        for _ in 0..<100 {
            let (arrivals, count) = backlog.admit(Self.arrivals(1_000))
            kept += arrivals[0].decoded.parcel.deliveries.count
            taken += count
            #expect(arrivals[0].decoded.parcel.replies.count == 1)
        }
        #expect(kept == Backlog.limit)
        #expect(taken == Backlog.limit)
        backlog.leave(5_000)
        let (arrivals, count) = backlog.admit(Self.arrivals(5_000))
        #expect(arrivals[0].decoded.parcel.deliveries.count == 5_000)
        #expect(count == 5_000)
    }

    @Test func `takes a parcel of any size when nothing waits`() {
        let (arrivals, count) = Backlog().admit(Self.arrivals(30_000))
        #expect(arrivals[0].decoded.parcel.deliveries.count == 30_000)
        #expect(count == 30_000)
    }
}
