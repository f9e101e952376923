package import BusContract
package import Logging
import MachineKit
import Metrics
package import NIOCore

/// One service instance's place on the bus.
///
/// Everything happens on one event loop: calls are made there and callbacks come there, so neither locks nor hops are
/// needed between an edge's sockets and its bus. What is sent during one turn of the loop leaves together, one parcel
/// a topic.
package final class BusClient: @unchecked Sendable {
    // All mutable state is touched on `loop` alone, which `assertInEventLoop` checks in debug builds.

    package typealias Completion = (Outcome) -> Void
    package typealias Handler = (Delivery, Responder) -> Void

    /// Names this process's service for good; replies come to it.
    package let instance: String
    package let loop: any EventLoop
    let link: any BusLink
    private let logger: Logger

    var outbox: Outbox
    private var completions: [DeliveryID: [Completion]] = [:]
    private var inboxes: [ServiceName: Inbox] = [:]
    private var handlers: [ServiceName: Handler] = [:]
    private var isRetired = false
    /// Shards of the services that are shared with others; a service that is not here is ours whole.
    var owned: [ServiceName: Set<UInt8>] = [:]
    /// Topics that we have asked for and do not hear yet, with what to announce then.
    var probes: [Topic: (ServiceName, Set<UInt8>)] = [:]
    /// How many deliveries of each shard are being worked on, of services that are shared.
    var working: [ServiceName: [UInt8: Int]] = [:]
    var watchers: [ServiceName: [(ShardMove) -> Void]] = [:]
    /// What the services of this client can do, and who wants to know what others can.
    var offered: [ServiceOffer] = []
    var offerWatchers: [(ServiceOffer) -> Void] = []
    var nextOffer: Scheduled<Void>?
    var hasHeardOffers = false
    private var fences = FenceMemory()
    private var waitingForRoom: [() -> Void] = []
    private var waitingForIdle: [EventLoopPromise<Void>] = []

    private var mail: [Topic: Mail] = [:]
    private var mailOrder: [Topic] = []
    private var isFlushing = false
    private var check: Scheduled<Void>?

    private let ignored: (StaticString) -> Void
    private let malformed = Counter(label: "causeway_bus_malformed_total")
    private var lines = LineBudget()
    private let backlog = Backlog()

    /// Takes a place on the bus.
    ///
    /// `instance`: unique among all instances there ever are; without `/`.
    /// `window`: how many deliveries may be outstanding (rule 6).
    package init(
        instance: String,
        link: any BusLink,
        loop: any EventLoop,
        window: Int = 4_096,
        logger: Logger
    ) {
        self.instance = instance
        self.link = link
        self.loop = loop
        self.logger = logger
        outbox = Outbox(window: window)
        ignored = { name in
            Counter(label: "causeway_bus_ignored_total", dimensions: [("what", name.description)]).increment()
        }
        link.open { [weak self] arrivals in
            guard let self else { return }
            let (kept, count) = backlog.admit(arrivals)
            loop.execute {
                self.backlog.leave(count)
                self.receive(kept)
            }
        }
        link.subscribe(Topic(repliesTo: instance).name)
        link.subscribe(Topic.shardEvents)
    }

    /// Sends work to a service and says once how it ended.
    ///
    /// When the window is full that is at once, with busy.
    package func deliver(_ delivery: Delivery, to service: ServiceName, completion: @escaping Completion) {
        loop.assertInEventLoop()
        var delivery = delivery
        delivery.patience = min(delivery.patience, Inbox.longestPatience)
        completions[delivery.id, default: []].append(completion)
        obey(outbox.handle(.deliver(delivery, to: service), at: .now))
    }

    /// Takes a service's work from now on: all of it, or, where replicas share it, that of the shards that are ours.
    ///
    /// Each delivery is handed over once, whatever its sender repeats, and leads to exactly one reply
    /// through its responder.
    package func serve(_ service: ServiceName, isShared: Bool = false, handler: @escaping Handler) {
        loop.assertInEventLoop()
        inboxes[service] = Inbox()
        handlers[service] = handler
        if isShared { owned[service] = [] } else { link.subscribe("\(service)/") }
    }

    /// Whether a delivery would be taken.
    package var hasRoom: Bool { outbox.hasRoom }

    /// Calls `body` once, when there is room in the window: at once if there is now.
    package func whenRoom(_ body: @escaping () -> Void) {
        loop.assertInEventLoop()
        guard !hasRoom else { return body() }
        waitingForRoom.append(body)
    }

    /// How many deliveries are outstanding, and how many are being worked on.
    package var load: (outstanding: Int, inProgress: Int) {
        (outbox.outstanding, inboxes.values.reduce(0) { $0 + $1.inProgress })
    }

    /// Takes no new work from now on: what comes is left to another instance, or to this one's successor.
    ///
    /// Work in progress goes on, and repeats of what was answered still get their answers.
    package func retire() {
        loop.assertInEventLoop()
        isRetired = true
        offered = []
    }

    /// Succeeds when nothing is outstanding and nothing is being worked on.
    package func idle() -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        waitingForIdle.append(promise)
        noticeIdle()
        return promise.futureResult
    }

    /// Leaves the bus.
    package func close() async {
        await link.close()
    }

    private func receive(_ arrivals: [Arrival]) {
        let now = Moment.now
        for arrival in arrivals {
            let (parcel, refused) = (arrival.decoded.parcel, arrival.decoded.refused)
            if parcel.sender == instance, !probes.isEmpty { heardProbe(arrival.topic) }
            if !parcel.moves.isEmpty { heed(parcel.moves) }
            if !parcel.offers.isEmpty || parcel.asksForOffers { heed(parcel.offers, parcel.asksForOffers) }
            if !parcel.deliveries.isEmpty || !refused.isEmpty { take(arrival, now) }
            for reply in parcel.replies { obey(outbox.handle(.reply(reply), at: now)) }
            for error in arrival.decoded.badReplies {
                malformed.increment()
                guard let omitted = lines.spend(at: now) else { continue }
                logger.warning(
                    "reply dropped: it does not decode",
                    metadata: ["reason": "\(error.reason)", "omitted": "\(omitted)"]
                )
            }
        }
        noticeIdle()
    }

    private func take(_ arrival: Arrival, _ now: Moment) {
        let name = arrival.topic.name.prefix { $0 != "/" }
        let service = ServiceName(String(name))
        guard inboxes[service] != nil else { return }
        let sender = arrival.decoded.parcel.sender
        let isOurs = !isShared(service) || arrival.topic.shard.map { hears(service, $0) } ?? true
        for delivery in arrival.decoded.parcel.deliveries {
            if let fence = delivery.fence, !fences.admits(fence) {
                ignored("sent by who owns the shard no more")
                continue
            }
            // What is known is answered all the same.
            if isRetired || !isOurs, inboxes[service]?.knows(delivery.id) != true { continue }
            let effects = inboxes[service]?.handle(.arrived(delivery, from: sender), at: now) ?? []
            obey(effects, of: service)
        }
        for (id, error) in arrival.decoded.refused {
            malformed.increment()
            if let omitted = lines.spend(at: now) {
                logger.warning(
                    "delivery refused: it does not decode",
                    metadata: ["sender": "\(sender)", "reason": "\(error.reason)", "omitted": "\(omitted)"]
                )
            }
            guard let id else { continue }
            let failure = Failure(.malformed, "the delivery does not decode: \(error.reason)")
            post(Reply(id: id, outcome: .failed(failure)), to: sender)
        }
    }

    fileprivate func end(_ input: Inbox.Input, of service: ServiceName, _ shard: UInt8) {
        loop.assertInEventLoop()
        let isCounted = isShared(service)
        let before = isCounted ? inboxes[service]?.inProgress ?? 0 : 0
        let effects = inboxes[service]?.handle(input, at: .now) ?? []
        if isCounted, (inboxes[service]?.inProgress ?? 0) < before { working[service]?[shard]? -= 1 }
        obey(effects, of: service)
        if !waitingForIdle.isEmpty { noticeIdle() }
    }

    func obey(_ effects: Outbox.Effects) {
        for effect in effects {
            switch effect {
            case .send(.publish(let delivery, to: let service, let attempt)):
                let shard = delivery.shard ?? delivery.key.shard
                post(to: Topic(service, shard: shard), route: Int(shard) + attempt) {
                    $0.deliveries.append(delivery)
                }
            case .send(.completed(let id, let outcome)):
                for completion in completions.removeValue(forKey: id) ?? [] { completion(outcome) }
                if !waitingForRoom.isEmpty { noticeRoom() }
            case .set(.check, at: let moment):
                check?.cancel()
                let deadline = NIODeadline.uptimeNanoseconds(UInt64(clamping: moment.nanoseconds))
                check = loop.assumeIsolatedUnsafeUnchecked().scheduleTask(deadline: deadline) { [weak self] in
                    guard let self else { return }
                    obey(outbox.fired(.check, at: .now))
                }
            case .cancel(.check):
                check?.cancel()
            case .ignore(let name):
                ignored(name)
            }
        }
    }

    private func obey(_ effects: Inbox.Effects, of service: ServiceName) {
        for effect in effects {
            switch effect {
            case .send(.work(let delivery)):
                let shard = delivery.key.shard
                if isShared(service) { working[service, default: [:]][shard, default: 0] += 1 }
                handlers[service]?(
                    delivery,
                    Responder(id: delivery.id, service: service, shard: shard, client: self)
                )
            case .send(.reply(let reply, to: let sender)):
                post(reply, to: sender)
            case .ignore(let name):
                ignored(name)
            }
        }
    }

    private func post(_ reply: Reply, to sender: String) {
        post(to: Topic(repliesTo: sender), route: 0) { $0.replies.append(reply) }
    }

    /// Adds to what leaves for a topic at the end of this turn of the loop.
    private func post(to topic: Topic, route: Int, _ add: (inout Parcel) -> Void) {
        if mail[topic] == nil {
            mail[topic] = Mail(topic: topic, parcel: Parcel(sender: instance), route: route)
            mailOrder.append(topic)
        }
        add(&mail[topic, default: Mail(topic: topic, parcel: Parcel(sender: instance), route: route)].parcel)
        guard !isFlushing else { return }
        isFlushing = true
        loop.assumeIsolatedUnsafeUnchecked().execute { [self] in flush() }
    }

    private func flush() {
        isFlushing = false
        let ready = mailOrder.compactMap { mail[$0] }
        mail.removeAll(keepingCapacity: true)
        mailOrder.removeAll(keepingCapacity: true)
        link.publish(ready)
    }

    private func noticeRoom() {
        while hasRoom, !waitingForRoom.isEmpty { waitingForRoom.removeFirst()() }
    }

    private func noticeIdle() {
        guard !waitingForIdle.isEmpty, load == (0, 0) else { return }
        flush()
        let promises = waitingForIdle
        waitingForIdle = []
        for promise in promises { promise.succeed() }
    }
}

/// The duty to answer one delivery, on the client's event loop.
///
/// A second answer is ignored and counted.
package struct Responder {
    private let id: DeliveryID
    private let service: ServiceName
    package let shard: UInt8
    private let client: BusClient

    fileprivate init(id: DeliveryID, service: ServiceName, shard: UInt8, client: BusClient) {
        self.id = id
        self.service = service
        self.shard = shard
        self.client = client
    }

    package func reply(_ outcome: Outcome) {
        client.end(.answered(id, outcome), of: service, shard)
    }

    /// Leaves the answer to another: whoever asks again is heard as if for the first time.
    package func abandon() {
        client.end(.abandoned(id), of: service, shard)
    }
}
