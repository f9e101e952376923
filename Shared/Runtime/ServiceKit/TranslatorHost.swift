import BusContract
package import Logging
import MachineKit
package import MessageBus
import Metrics
import NIOCore
package import TranslatorKit

/// Runs a translator on a bus client's event loop: finds the conversation of each delivery, tells it what happened,
/// and carries out what it wants done.
///
/// It is one dictionary of values, touched on one loop: no lock, no task and no hop stands between a delivery and the
/// machine that answers it. Scaling is by more processes.
package final class TranslatorHost<Subject: Translator> {
    private struct PendingTimer: Hashable, Sendable {
        var key: ConversationKey
        var timer: Subject.Conversation.Timer
    }

    private let translator: Subject
    private let bus: BusClient
    private let logger: Logger
    private let limit: Int

    private var conversations: [ConversationKey: Subject.Conversation] = [:]
    private var responders: [DeliveryID: Responder] = [:]
    private var timers = TimerTable<PendingTimer>()
    private var alarm: (task: Scheduled<Void>, at: Moment)?

    private let live = Gauge(label: "causeway_conversations")
    private let refused = Counter(label: "causeway_conversations_refused_total")

    /// Prepares to run a translator.
    ///
    /// `limit`: how many conversations may be remembered; the work of further ones is answered with busy.
    package init(_ translator: Subject, on bus: BusClient, limit: Int = 200_000, logger: Logger) {
        self.translator = translator
        self.bus = bus
        self.limit = limit
        self.logger = logger
    }

    /// How many conversations are remembered.
    package var count: Int { conversations.count }

    /// Begins to take the translator's work; call it on the client's event loop.
    package func start() {
        bus.loop.assertInEventLoop()
        bus.serve(translator.service) { delivery, responder in self.take(delivery, responder) }
        logger.info("translator ready", metadata: ["service": "\(translator.service)"])
    }

    private func take(_ delivery: Delivery, _ responder: Responder) {
        guard conversations.count < limit || conversations[delivery.key] != nil else {
            refused.increment()
            return responder.reply(.busy(retryAfter: .seconds(5)))
        }
        responders[delivery.id] = responder
        tell(.delivery(delivery), to: delivery.key)
    }

    private func tell(_ stimulus: Stimulus, to key: ConversationKey) {
        let now = Moment.now
        let effects =
            conversations[key, default: translator.conversation(key)].handle(stimulus, at: now)
        obey(effects, of: key)
    }

    private func obey(_ effects: Subject.Conversation.Effects, of key: ConversationKey) {
        for effect in effects {
            switch effect {
            case .send(.deliver(let delivery, to: let service)):
                bus.deliver(delivery, to: service) { outcome in
                    self.tell(.outcome(of: delivery.id, outcome), to: key)
                }
            case .send(.reply(to: let id, let outcome)):
                answer(id, outcome)
            case .set(let timer, at: let moment):
                timers.set(PendingTimer(key: key, timer: timer), at: moment)
            case .cancel(let timer):
                timers.cancel(PendingTimer(key: key, timer: timer))
            case .ignore(let name):
                Counter(label: "causeway_translator_ignored_total", dimensions: [("what", name.description)])
                    .increment()
            }
        }
        if let conversation = conversations[key], translator.isOver(conversation) { conversations[key] = nil }
        live.record(conversations.count)
        setAlarm()
    }

    private func answer(_ id: DeliveryID, _ outcome: Outcome) {
        guard let responder = responders.removeValue(forKey: id) else {
            logger.error("a translator answered twice", metadata: ["delivery": "\(id)"])
            return
        }
        responder.reply(outcome)
    }

    /// Wakes up at the earliest timer; a moment that is a little early costs less than moving the alarm each time.
    private func setAlarm() {
        guard let next = timers.nextMoment else { return }
        if let alarm, alarm.at <= next { return }
        alarm?.task.cancel()
        let deadline = NIODeadline.uptimeNanoseconds(UInt64(clamping: next.nanoseconds))
        alarm = (
            bus.loop.assumeIsolatedUnsafeUnchecked().scheduleTask(deadline: deadline) { self.ring() }, next
        )
    }

    private func ring() {
        alarm = nil
        let now = Moment.now
        while let (pending, _) = timers.popDue(at: now) {
            // A conversation that is over may leave a timer behind; it has nothing to say any more.
            guard let effects = conversations[pending.key]?.fired(pending.timer, at: now) else { continue }
            obey(effects, of: pending.key)
        }
        setAlarm()
    }
}
