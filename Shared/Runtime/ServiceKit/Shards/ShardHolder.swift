package import BusContract
package import Logging
package import MachineKit
package import MessageBus
package import Metrics
import NIOCore
package import Store

/// Holds a service's shards for one replica: asks the store on behalf of a ``ShardKeeper`` and tells the bus client
/// what is ours.
///
/// Everything but the store's own work happens on the bus client's event loop.
package final class ShardHolder: @unchecked Sendable {
    // All mutable state is touched on the client's loop alone.

    /// Makes shards ready to be worked on, such as by loading their conversations.
    package typealias Preparation = @Sendable ([UInt8: Int64]) async throws(StoreError) -> Void

    /// How often one that leaves looks what is idle by now.
    private static let glance = TimeAmount.milliseconds(10)

    private let service: ServiceName
    private let bus: BusClient
    private let store: any Store
    private let logger: Logger
    private let prepare: Preparation
    private let taken: () -> Void
    private let lost: ([UInt8]) -> Void
    private let timeOfDay: () -> WallTime

    private var keeper: ShardKeeper
    private var timers = TimerTable<ShardKeeper.Timer>()
    private var alarm: Scheduled<Void>?
    private var isAway = false
    private var clock = ClockWatch()
    private var clockLines = LineBudget(interval: .seconds(60))
    private var afterLeaving: EventLoopPromise<Void>?

    private let owning: Gauge
    private let failures: Counter
    private let jumps: Counter

    /// Prepares to share the work of a service.
    ///
    /// `prepare` is called with shards that were taken, before any of their work comes; `taken` on the bus client's loop
    /// when they are ours; `lost` there with shards whose work is another's from now on.
    package init(
        _ service: ServiceName,
        on bus: BusClient,
        store: any Store,
        logger: Logger,
        metrics: any MetricsFactory = MetricsSystem.factory,
        timeOfDay: @escaping () -> WallTime = { .now },
        prepare: @escaping Preparation = { _ in },
        taken: @escaping () -> Void = {},
        lost: @escaping ([UInt8]) -> Void = { _ in }
    ) {
        self.service = service
        self.bus = bus
        self.store = store
        self.logger = logger
        self.timeOfDay = timeOfDay
        self.prepare = prepare
        self.taken = taken
        self.lost = lost
        keeper = ShardKeeper(owner: bus.instance)
        let dimensions = [("service", service.name)]
        owning = Gauge(label: "causeway_shards_owned", dimensions: dimensions, factory: metrics)
        failures = Counter(label: "causeway_leases_failed_total", dimensions: dimensions, factory: metrics)
        jumps = Counter(label: "causeway_clock_jumps_total", dimensions: dimensions, factory: metrics)
    }

    /// Begins to take part; call it on the client's event loop.
    package func start() {
        bus.loop.assertInEventLoop()
        bus.watchMoves(of: service) { [weak self] move in
            // What another took was free before; what it gave back is worth a look.
            if case .givenBack = move { self?.tell(.nudge) }
        }
        tell(.start)
    }

    /// How many shards are ours; on the loop.
    package var count: Int { keeper.count }

    /// The epoch under which a shard is ours now, on the loop; nil when it is not.
    package func epoch(of shard: UInt8) -> Int64? {
        if let epoch = keeper.epoch(of: shard, at: .now) { return epoch }
        // The leases have run out and no timer has said so yet: whoever asks leaves something undone.
        if keeper.owns(shard) { bus.loop.execute { [self] in tell(.nudge) } }
        return nil
    }

    /// Gives everything back: what is idle at once, what is being worked on when that is done or `grace` is over.
    ///
    /// Returns when the store knows, or cannot be reached.
    package func leave(within grace: Duration) async {
        let deadline = NIODeadline.now() + TimeAmount(grace)
        let drained = bus.loop.flatSubmit { [self] in
            let promise = bus.loop.makePromise(of: Void.self)
            bus.loop.scheduleRepeatedTask(initialDelay: .zero, delay: Self.glance) { [self] task in
                let busy = bus.busyShards(of: service)
                tell(.giveBack(keeper.shards.filter { !busy.contains($0) }))
                guard keeper.count == 0 || .now() >= deadline else { return }
                task.cancel()
                promise.succeed()
            }
            return promise.futureResult
        }
        try? await drained.get()
        let left = bus.loop.flatSubmit { [self] in
            let promise = bus.loop.makePromise(of: Void.self)
            afterLeaving = promise
            tell(.leave)
            return promise.futureResult
        }
        try? await left.get()
    }

    private func tell(_ input: ShardKeeper.Input) {
        obey(keeper.handle(input, at: .now))
    }

    private func obey(_ effects: ShardKeeper.Effects) {
        for effect in effects {
            switch effect {
            case .send(let output): obey(output)
            case .set(let timer, at: let moment): timers.set(timer, at: moment)
            case .cancel(let timer): timers.cancel(timer)
            case .ignore: break
            }
        }
        owning.record(keeper.count)
        setAlarm()
    }

    private func obey(_ output: ShardKeeper.Output) {
        let (owner, name) = (bus.instance, service.name)
        switch output {
        case .renew:
            watchClock()
            ask { [store] () async throws(StoreError) in
                .roster(try await store.renew(service: name, owner: owner, ttl: ShardKeeper.life))
            }
        case .claim(let shards):
            ask { [store, prepare] () async throws(StoreError) in
                let epochs = try await store.claim(
                    shards,
                    service: name,
                    owner: owner,
                    ttl: ShardKeeper.life
                )
                if !epochs.isEmpty { try await prepare(epochs) }
                return .claimed(epochs)
            }
        case .own(let epochs):
            logger.info("shards taken", metadata: ["service": "\(name)", "shards": "\(epochs.count)"])
            bus.own(Set(epochs.keys), of: service)
            taken()
        case .lose(let shards):
            logger.info("shards given up", metadata: ["service": "\(name)", "shards": "\(shards.count)"])
            bus.disown(Set(shards), of: service)
            lost(shards)
        case .release(let shards):
            giveBack { [store] () async throws(StoreError) in
                try await store.release(shards, service: name, owner: owner)
            }
        case .leave:
            giveBack { [store] () async throws(StoreError) in
                try await store.leave(service: name, owner: owner)
            }
        }
    }

    /// Asks the store; its answer, or that there was none, is the keeper's next input.
    private func ask(_ question: @escaping @Sendable () async throws(StoreError) -> ShardKeeper.Input) {
        bus.loop.makeFutureWithTask { try await question() }.assumeIsolatedUnsafeUnchecked().whenComplete {
            [self] result in
            switch result {
            case .success(.roster(let roster, busy: _)):
                note(nil)
                tell(.roster(roster, busy: bus.busyShards(of: service)))
            case .success(let answer):
                note(nil)
                tell(answer)
            case .failure(let error):
                note("\(error)")
                tell(.failed)
            }
        }
    }

    private func giveBack(_ work: @escaping @Sendable () async throws(StoreError) -> Void) {
        bus.loop.makeFutureWithTask { try await work() }.assumeIsolatedUnsafeUnchecked().whenComplete {
            [self] result in
            if case .failure(let error) = result { note("\(error)") }
            bus.announceGivenBack(service)
            afterLeaving?.succeed()
            afterLeaving = nil
        }
    }

    /// Says that the host's time of day was set.
    private func watchClock() {
        guard let jump = clock.look(timeOfDay(), at: .now) else { return }
        jumps.increment()
        guard let omitted = clockLines.spend(at: .now) else { return }
        logger.warning(
            "the host's clock jumped, or the host slept; leases do not run by it, times that are told do",
            metadata: ["service": "\(service)", "by": "\(jump)", "omitted": "\(omitted)"]
        )
    }

    /// Says once that the store went away, and once that it is back.
    private func note(_ fault: String?) {
        if fault != nil { failures.increment() }
        guard (fault != nil) != isAway else { return }
        isAway = fault != nil
        if let fault {
            logger.warning(
                "the store does not answer; without it the leases run out",
                metadata: ["service": "\(service)", "reason": "\(fault)"]
            )
        } else {
            logger.notice("the store answers again", metadata: ["service": "\(service)"])
        }
    }

    private func setAlarm() {
        alarm?.cancel()
        alarm = nil
        guard let next = timers.nextMoment else { return }
        let deadline = NIODeadline.uptimeNanoseconds(UInt64(clamping: next.nanoseconds))
        alarm = bus.loop.assumeIsolatedUnsafeUnchecked().scheduleTask(deadline: deadline) { [weak self] in
            guard let self else { return }
            alarm = nil
            let now = Moment.now
            while let (timer, _) = timers.popDue(at: now) { obey(keeper.fired(timer, at: now)) }
            setAlarm()
        }
    }
}
