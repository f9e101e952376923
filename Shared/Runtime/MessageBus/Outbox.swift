package import BusContract
package import MachineKit

/// The sending half of the bus client: keeps each delivery until it is answered.
///
/// Duties, by the numbers of ARCHITECTURE section 4:
/// 1. a delivery is published again 200 ms after it was first, then at doubled intervals, until its deadline;
/// 2. of one conversation key at most one batch is in flight; what comes meanwhile waits and leaves together;
/// 6. no more than a window of deliveries is outstanding; whoever asks for more is told to come back;
/// 7. a deadline that passes ends the delivery with ``Failure/Reason/deadline``.
///
/// Kinds of impossible: a reply to nothing is the peer's and is ignored by name (it was answered twice, or late); a
/// second delivery with the id of an outstanding one is legitimate (two requests of which one is a repeat that
/// another edge has seen too) and gets the outcome of the first.
package struct Outbox: Machine {
    package enum Input: Hashable, Sendable {
        case deliver(Delivery, to: ServiceName)
        case reply(Reply)
        /// These shards of a service have a new owner, who listens.
        case moved(ServiceName, Set<UInt8>)
    }

    package enum Output: Hashable, Sendable {
        /// Publish now. `attempt` counts from 0, so that a sender with several brokers can move on.
        case publish(Delivery, to: ServiceName, attempt: Int)
        case completed(DeliveryID, Outcome)
    }

    package enum Timer: Hashable, Sendable {
        /// Something may be due: a repeat or a deadline.
        case check
    }

    /// A repeat is first sent after this long.
    package static let firstRetry = Duration.milliseconds(200)
    /// What a full window tells the one who asks for more.
    package static let busyFor = Duration.seconds(1)

    private struct Entry: Hashable, Sendable {
        var delivery: Delivery
        var service: ServiceName
        var deadline: Moment
        /// How often it was published.
        var published = 0
        /// When it is to be published again, or is over.
        var next: Moment
    }

    private struct Lane: Hashable, Sendable {
        var service: ServiceName
        var key: ConversationKey
    }

    /// The deliveries of one key: how many are in flight, and what waits for them to end.
    private struct Queue: Sendable {
        var inFlight = 0
        var waiting: [DeliveryID] = []
    }

    /// How many deliveries may be outstanding.
    package let window: Int
    private var entries: [DeliveryID: Entry] = [:]
    private var queues: [Lane: Queue] = [:]
    /// The first look at each delivery, in the order they were taken: nearly all are answered long before.
    private var firstLooks = FirstLooks()
    /// Later looks, of those that were not.
    private var looks = TimerTable<DeliveryID>()
    private var checkSetFor: Moment?

    package init(window: Int = 4_096) {
        self.window = window
    }

    /// How many deliveries are outstanding.
    package var outstanding: Int { entries.count }
    package var hasRoom: Bool { entries.count < window }

    package mutating func handle(_ input: Input, at now: Moment) -> Effects {
        switch input {
        case .deliver(let delivery, to: let service): accept(delivery, service, now)
        case .reply(let reply): complete(reply.id, reply.outcome, now)
        case .moved(let service, let shards): repeatAll(service, shards, now)
        }
    }

    package mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch timer {
        case .check:
            checkSetFor = nil
            var effects: Effects = []
            while let id = firstLooks.popDue(at: now) { effects += look(id, now) }
            while let (id, _) = looks.popDue(at: now) { effects += look(id, now) }
            return effects + nextCheck()
        }
    }

    private mutating func accept(_ delivery: Delivery, _ service: ServiceName, _ now: Moment) -> Effects {
        guard hasRoom else { return [.send(.completed(delivery.id, .busy(retryAfter: Self.busyFor)))] }
        guard entries[delivery.id] == nil else {
            // An owner that took the shard anew does the work again: under the old epoch nobody would listen to it.
            entries[delivery.id]?.delivery.fence = delivery.fence
            return [.ignore("already outstanding")]
        }
        let deadline = now + delivery.patience
        entries[delivery.id] = Entry(delivery: delivery, service: service, deadline: deadline, next: deadline)
        let lane = Lane(service: service, key: delivery.key)
        guard queues[lane] == nil else {
            queues[lane]?.waiting.append(delivery.id)
            looks.set(delivery.id, at: deadline)
            return nextCheck()
        }
        queues[lane] = Queue(inFlight: 1)
        let effects = publish(delivery.id, now)
        if delivery.patience < Self.firstRetry {
            looks.set(delivery.id, at: deadline)
        } else {
            firstLooks.append(delivery.id, at: now + Self.firstRetry)
        }
        return effects + nextCheck()
    }

    /// Publishes a delivery and notes when it is to be published again.
    private mutating func publish(_ id: DeliveryID, _ now: Moment) -> Effects {
        guard var entry = entries[id] else { return [] }
        let attempt = entry.published
        let interval = Duration.nanoseconds(Self.firstRetry.inNanoseconds << min(attempt, 20))
        entry.published += 1
        entry.next = min(entry.deadline, now + interval)
        entries[id] = entry
        entry.delivery.patience = entry.deadline - now
        return [.send(.publish(entry.delivery, to: entry.service, attempt: attempt))]
    }

    /// Publishes again, at once and out of turn, what the former owner of the shards has not answered.
    private func repeatAll(_ service: ServiceName, _ shards: Set<UInt8>, _ now: Moment) -> Effects {
        let meant = entries.values.filter {
            $0.service == service && $0.published > 0 && now < $0.deadline
                && shards.contains($0.delivery.shard ?? $0.delivery.key.shard)
        }
        // In the order in which they were first published, as far as that can be told: by their deadlines.
        return meant.sorted { $0.deadline < $1.deadline }.map { entry in
            var delivery = entry.delivery
            delivery.patience = entry.deadline - now
            return .send(.publish(delivery, to: service, attempt: entry.published - 1))
        }
    }

    /// Publishes a delivery that had waited, or was published before.
    private mutating func publishLater(_ id: DeliveryID, _ now: Moment) -> Effects {
        let effects = publish(id, now)
        if let next = entries[id]?.next { looks.set(id, at: next) }
        return effects
    }

    private mutating func complete(_ id: DeliveryID, _ outcome: Outcome, _ now: Moment) -> Effects {
        guard let entry = entries.removeValue(forKey: id) else { return [.ignore("a reply to nothing")] }
        looks.cancel(id)
        let released = release(id, Lane(service: entry.service, key: entry.delivery.key), entry, now)
        return [.send(.completed(id, outcome))] + released
    }

    /// Takes an ended delivery out of its queue; when it was the last in flight, all that waited leaves together.
    private mutating func release(_ id: DeliveryID, _ lane: Lane, _ entry: Entry, _ now: Moment) -> Effects {
        guard var queue = queues[lane] else { return [] }
        guard entry.published > 0 else {
            queue.waiting.removeAll { $0 == id }
            queues[lane] = queue
            return []
        }
        queue.inFlight -= 1
        guard queue.inFlight == 0 else {
            queues[lane] = queue
            return []
        }
        guard !queue.waiting.isEmpty else {
            queues[lane] = nil
            return []
        }
        let batch = queue.waiting
        queues[lane] = Queue(inFlight: batch.count)
        var effects: Effects = []
        for id in batch { effects += publishLater(id, now) }
        return effects + nextCheck()
    }

    /// Looks after a delivery whose moment has come: over, to be repeated, or still waiting its turn.
    private mutating func look(_ id: DeliveryID, _ now: Moment) -> Effects {
        guard let entry = entries[id] else { return [] }
        guard now < entry.deadline else {
            let late = Failure(.deadline, "no answer from \(entry.service) in time")
            return complete(id, .failed(late), now)
        }
        return publishLater(id, now)
    }

    private mutating func nextCheck() -> Effects {
        while let id = firstLooks.first, entries[id] == nil { firstLooks.advance() }
        let moments = [firstLooks.nextMoment, looks.nextMoment].compactMap(\.self)
        guard let next = moments.min() else { return [] }
        if let checkSetFor, checkSetFor <= next { return [] }
        checkSetFor = next
        return [.set(.check, at: next)]
    }
}

/// Ids in the order of their moments, for a delay that is the same for all.
private struct FirstLooks: Sendable {
    private var items: [(id: DeliveryID, at: Moment)] = []
    private var head = 0

    var nextMoment: Moment? { head < items.count ? items[head].at : nil }

    var first: DeliveryID? { head < items.count ? items[head].id : nil }

    mutating func append(_ id: DeliveryID, at moment: Moment) {
        items.append((id, moment))
    }

    mutating func popDue(at now: Moment) -> DeliveryID? {
        guard head < items.count, items[head].at <= now else { return nil }
        defer { advance() }
        return items[head].id
    }

    /// Steps over the earliest id.
    mutating func advance() {
        head += 1
        guard head > 1_024, head * 2 > items.count else { return }
        items.removeFirst(head)
        head = 0
    }
}
