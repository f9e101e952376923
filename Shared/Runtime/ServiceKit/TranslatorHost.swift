package import BusContract
package import Logging
package import MachineKit
package import MessageBus
package import Metrics
package import NIOCore
package import Store
package import TranslatorKit

/// Runs a translator on a bus client's event loop: finds the conversation of each delivery, tells it what happened,
/// and carries out what it wants done.
///
/// It is one dictionary of values, touched on one loop: no lock, no task and no hop stands between a delivery and the
/// machine that answers it. Scaling is by more processes: with a store the work is shared with the other replicas by
/// shards, and the conversations of a durable translator outlive this process.
///
/// What is in the way of every message is inlinable: the executable, which knows the translator, makes code of its own
/// of it instead of asking at every step what kind of value it has in its hands.
package final class TranslatorHost<Subject: Translator> {
    @usableFromInline struct PendingTimer: Hashable, Sendable {
        @usableFromInline var key: ConversationKey
        /// Nil: the conversation is to be woken, whatever its timer is.
        @usableFromInline var timer: Subject.Conversation.Timer?

        @inlinable init(key: ConversationKey, timer: Subject.Conversation.Timer?) {
            self.key = key
            self.timer = timer
        }
    }

    /// A conversation where it is: looked up once for each thing that happens, and changed in its place.
    @usableFromInline final class Live {
        @usableFromInline let key: ConversationKey
        @usableFromInline var conversation: Subject.Conversation
        /// What a translator that is not durable has no need of.
        @usableFromInline let state: DurableState<Subject.Conversation>?

        @inlinable init(
            _ key: ConversationKey,
            _ conversation: Subject.Conversation,
            _ state: DurableState<Subject.Conversation>?
        ) {
            self.key = key
            self.conversation = conversation
            self.state = state
        }
    }

    @usableFromInline var translator: Subject
    @usableFromInline let bus: BusClient
    @usableFromInline let logger: Logger
    @usableFromInline let limit: Int
    /// The letter of the identifiers that lead back to conversations; nil where there are none.
    @usableFromInline let mints: Character?
    /// Nil: the work is not shared, and nothing is stored.
    @usableFromInline let store: (any Store)?
    /// How conversations are stored; nil where they need not be.
    @usableFromInline let form: RecordForm<Subject.Conversation>?
    @usableFromInline var shards: ShardHolder?

    @usableFromInline var conversations: [ConversationKey: Live] = [:]
    /// Records of conversations to which nothing has happened since they were taken over.
    @usableFromInline var dormant: [ConversationKey: [UInt8]] = [:]
    /// The keys of conversations by what identifiers that lead back to them hold, where the translator mints such.
    @usableFromInline var nicknames: [ConversationKey: ConversationKey] = [:]
    /// Dormant ones that had sent something and have no outcome of it.
    @usableFromInline var urgent: [ConversationKey] = []
    @usableFromInline var responders: [DeliveryID: Responder] = [:]
    @usableFromInline var timers = TimerTable<PendingTimer>()
    @usableFromInline var alarm: (task: Scheduled<Void>, at: Moment)?

    @usableFromInline var dirty: [Live] = []
    @usableFromInline var isCommitting = false

    @usableFromInline let living = Gauge(label: "causeway_conversations")
    @usableFromInline let refused = Counter(label: "causeway_conversations_refused_total")

    /// Prepares to run a translator.
    ///
    /// `limit`: how many conversations may be remembered; the work of further ones is answered with busy.
    /// `store`: where the replicas agree on who does what; without one, all of the work is this host's.
    @inlinable package init(
        _ translator: Subject,
        on bus: BusClient,
        sharedBy store: (any Store)? = nil,
        limit: Int = 200_000,
        logger: Logger
    ) {
        self.translator = translator
        mints = translator.offer.letter
        self.bus = bus
        self.store = store
        form = nil
        self.limit = limit
        self.logger = logger
    }

    /// Prepares to run a translator whose conversations outlive this process.
    package init(
        durable translator: Subject,
        on bus: BusClient,
        store: any Store,
        limit: Int = 200_000,
        logger: Logger
    ) where Subject: DurableTranslator {
        self.translator = translator
        mints = translator.offer.letter
        self.bus = bus
        self.store = store
        form = RecordForm(of: translator)
        self.limit = limit
        self.logger = logger
    }

    /// How many conversations are remembered.
    package var count: Int { conversations.count + dormant.count }

    /// Begins to take the translator's work; call it on the client's event loop.
    @inlinable package func start() {
        bus.loop.assertInEventLoop()
        bus.serve(translator.service, isShared: store != nil) { delivery, responder in
            self.take(delivery, responder)
        }
        startSharing()
        bus.offer(translator.offer)
        logger.info("translator ready", metadata: ["service": "\(translator.service)"])
    }

    /// Goes on with a translator of the same service that has other settings; call it on the client's event loop.
    package func replace(_ translator: Subject) {
        bus.loop.assertInEventLoop()
        self.translator = translator
        for live in conversations.values {
            live.conversation = translator.equipped(live.conversation, of: live.key)
        }
        bus.offer(translator.offer)
    }

    @inlinable
    func take(_ delivery: Delivery, _ responder: Responder) {
        var delivery = delivery
        if !nicknames.isEmpty, let key = nicknames[delivery.key] { delivery.key = key }
        // What is dormant still is a later release's: not ours to begin anew.
        guard let live = find(delivery.key) ?? (dormant[delivery.key] == nil ? begin(delivery.key) : nil)
        else {
            refused.increment()
            return responder.reply(.busy(retryAfter: .seconds(5)))
        }
        if let state = live.state, answerAgain(delivery.id, state, responder) { return }
        responders[delivery.id] = responder
        live.state?.waiting.insert(delivery.id)
        tell(.delivery(delivery), to: live)
    }

    @inlinable
    func find(_ key: ConversationKey) -> Live? {
        conversations[key] ?? (dormant.isEmpty ? nil : wake(key))
    }

    @inlinable
    func begin(_ key: ConversationKey) -> Live? {
        guard conversations.count < limit else { return nil }
        let live = Live(key, translator.conversation(key), form == nil ? nil : DurableState())
        conversations[key] = live
        nickname(key)
        living.record(conversations.count)
        return live
    }

    /// Remembers how identifiers that lead back to a conversation name it.
    @usableFromInline
    func nickname(_ key: ConversationKey) {
        guard let letter = mints, !key.isMinted else { return }
        nicknames[key.minted(by: letter)] = key
    }

    /// Forgets a conversation that is over, or another's.
    @usableFromInline
    func remove(_ key: ConversationKey) {
        conversations[key] = nil
        guard let letter = mints, !key.isMinted else { return }
        nicknames[key.minted(by: letter)] = nil
    }

    /// What a conversation had sent has come to its end; one that another has taken over needs not be told.
    @inlinable
    func conclude(_ id: DeliveryID, _ outcome: Outcome, _ key: ConversationKey) {
        guard let live = conversations[key] else { return }
        live.state?.sent.removeAll { $0.delivery.id == id }
        tell(.outcome(of: id, outcome), to: live)
    }

    @inlinable
    func tell(_ stimulus: Stimulus, to live: Live) {
        obey(live.conversation.handle(stimulus, at: .now), of: live)
    }

    @inlinable
    func obey(_ effects: Subject.Conversation.Effects, of live: Live) {
        for effect in effects {
            switch effect {
            case .send(.deliver(let delivery, to: let service)):
                live.state?.sent.append(.init(delivery: delivery, service: service))
                send(delivery, to: service, live.key)
            case .send(.reply(to: let id, let outcome)):
                if let state = live.state {
                    state.answer(Reply(id: id, outcome: outcome), at: .now)
                } else {
                    answer(id, outcome)
                }
            case .set(let timer, at: let moment):
                live.state?.timers[timer] = moment
                timers.set(PendingTimer(key: live.key, timer: timer), at: moment)
            case .cancel(let timer):
                live.state?.timers[timer] = nil
                timers.cancel(PendingTimer(key: live.key, timer: timer))
            case .ignore(let name):
                ignored(name)
            }
        }
        if translator.isOver(live.conversation) {
            remove(live.key)
            living.record(conversations.count)
        }
        if live.state != nil { keep(live) }
        setAlarm()
    }

    /// Sends in the name of the shard's owner; who owns it no more sends nothing.
    @inlinable
    func send(_ delivery: Delivery, to service: ServiceName, _ key: ConversationKey) {
        var delivery = delivery
        if let shards {
            guard let epoch = shards.epoch(of: key.shard) else { return }
            delivery.fence = Fence(service: translator.service, shard: key.shard, epoch: epoch)
        }
        bus.deliver(delivery, to: service) { outcome in self.conclude(delivery.id, outcome, key) }
    }

    @usableFromInline
    func ignored(_ name: StaticString) {
        Counter(label: "causeway_translator_ignored_total", dimensions: [("what", name.description)])
            .increment()
    }

    @inlinable
    func answer(_ id: DeliveryID, _ outcome: Outcome) {
        guard let responder = responders.removeValue(forKey: id) else {
            // What is durable may answer an input whose repeat has not come yet.
            guard form == nil else { return }
            logger.error("a translator answered twice", metadata: ["delivery": "\(id)"])
            return
        }
        responder.reply(outcome)
    }

    /// Wakes up at the earliest timer; a moment that is a little early costs less than moving the alarm each time.
    @inlinable
    func setAlarm() {
        guard let next = timers.nextMoment else { return }
        if let alarm, alarm.at <= next { return }
        alarm?.task.cancel()
        let deadline = NIODeadline.uptimeNanoseconds(UInt64(clamping: next.nanoseconds))
        alarm = (
            bus.loop.assumeIsolatedUnsafeUnchecked().scheduleTask(deadline: deadline) { self.ring() }, next
        )
    }

    @inlinable
    func ring() {
        alarm = nil
        let now = Moment.now
        while let (pending, _) = timers.popDue(at: now) {
            guard let timer = pending.timer else {
                _ = find(pending.key)
                continue
            }
            // A conversation that is over may leave a timer behind; it has nothing to say any more.
            guard let live = conversations[pending.key] else { continue }
            live.state?.timers[timer] = nil
            obey(live.conversation.fired(timer, at: now), of: live)
        }
        setAlarm()
    }
}
