package import BusContract
package import Logging
package import MachineKit
package import MessageBus
package import Metrics
package import NIOCore
package import TranslatorKit

/// Runs a translator on a bus client's event loop: finds the conversation of each delivery, tells it what happened,
/// and carries out what it wants done.
///
/// It is one dictionary of values, touched on one loop: no lock, no task and no hop stands between a delivery and the
/// machine that answers it. Scaling is by more processes.
///
/// What is in the way of every message is inlinable: the executable, which knows the translator, makes code of its own
/// of it instead of asking at every step what kind of value it has in its hands.
package final class TranslatorHost<Subject: Translator> {
    @usableFromInline struct PendingTimer: Hashable, Sendable {
        @usableFromInline var key: ConversationKey
        @usableFromInline var timer: Subject.Conversation.Timer

        @inlinable init(key: ConversationKey, timer: Subject.Conversation.Timer) {
            self.key = key
            self.timer = timer
        }
    }

    /// A conversation where it is: looked up once for each thing that happens, and changed in its place.
    @usableFromInline final class Live {
        @usableFromInline var conversation: Subject.Conversation

        @inlinable init(_ conversation: Subject.Conversation) {
            self.conversation = conversation
        }
    }

    @usableFromInline let translator: Subject
    @usableFromInline let bus: BusClient
    @usableFromInline let logger: Logger
    @usableFromInline let limit: Int

    @usableFromInline var conversations: [ConversationKey: Live] = [:]
    @usableFromInline var responders: [DeliveryID: Responder] = [:]
    @usableFromInline var timers = TimerTable<PendingTimer>()
    @usableFromInline var alarm: (task: Scheduled<Void>, at: Moment)?

    @usableFromInline let living = Gauge(label: "causeway_conversations")
    @usableFromInline let refused = Counter(label: "causeway_conversations_refused_total")

    /// Prepares to run a translator.
    ///
    /// `limit`: how many conversations may be remembered; the work of further ones is answered with busy.
    @inlinable package init(_ translator: Subject, on bus: BusClient, limit: Int = 200_000, logger: Logger) {
        self.translator = translator
        self.bus = bus
        self.limit = limit
        self.logger = logger
    }

    /// How many conversations are remembered.
    package var count: Int { conversations.count }

    /// Begins to take the translator's work; call it on the client's event loop.
    @inlinable package func start() {
        bus.loop.assertInEventLoop()
        bus.serve(translator.service) { delivery, responder in self.take(delivery, responder) }
        logger.info("translator ready", metadata: ["service": "\(translator.service)"])
    }

    @inlinable
    func take(_ delivery: Delivery, _ responder: Responder) {
        guard let live = conversations[delivery.key] ?? begin(delivery.key) else {
            refused.increment()
            return responder.reply(.busy(retryAfter: .seconds(5)))
        }
        responders[delivery.id] = responder
        tell(.delivery(delivery), to: live, delivery.key)
    }

    @inlinable
    func begin(_ key: ConversationKey) -> Live? {
        guard conversations.count < limit else { return nil }
        let live = Live(translator.conversation(key))
        conversations[key] = live
        living.record(conversations.count)
        return live
    }

    @inlinable
    func conclude(_ id: DeliveryID, _ outcome: Outcome, _ key: ConversationKey) {
        guard let live = conversations[key] ?? begin(key) else { return }
        tell(.outcome(of: id, outcome), to: live, key)
    }

    @inlinable
    func tell(_ stimulus: Stimulus, to live: Live, _ key: ConversationKey) {
        obey(live.conversation.handle(stimulus, at: .now), of: live, key)
    }

    @inlinable
    func obey(_ effects: Subject.Conversation.Effects, of live: Live, _ key: ConversationKey) {
        for effect in effects {
            switch effect {
            case .send(.deliver(let delivery, to: let service)):
                bus.deliver(delivery, to: service) { outcome in self.conclude(delivery.id, outcome, key) }
            case .send(.reply(to: let id, let outcome)):
                answer(id, outcome)
            case .set(let timer, at: let moment):
                timers.set(PendingTimer(key: key, timer: timer), at: moment)
            case .cancel(let timer):
                timers.cancel(PendingTimer(key: key, timer: timer))
            case .ignore(let name):
                ignored(name)
            }
        }
        if translator.isOver(live.conversation) {
            conversations[key] = nil
            living.record(conversations.count)
        }
        setAlarm()
    }

    @usableFromInline
    func ignored(_ name: StaticString) {
        Counter(label: "causeway_translator_ignored_total", dimensions: [("what", name.description)])
            .increment()
    }

    @inlinable
    func answer(_ id: DeliveryID, _ outcome: Outcome) {
        guard let responder = responders.removeValue(forKey: id) else {
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
            // A conversation that is over may leave a timer behind; it has nothing to say any more.
            guard let live = conversations[pending.key] else { continue }
            obey(live.conversation.fired(pending.timer, at: now), of: live, pending.key)
        }
        setAlarm()
    }
}
