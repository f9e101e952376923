package import BusContract
package import MachineKit
package import TranslatorKit

/// What the host keeps of one conversation so that another owner could go on with it.
package final class DurableState<Conversation: Machine> where Conversation.Output == Action {
    /// Answers are remembered for as long as any sender may ask again, and of the last ones alone: who asks in one
    /// conversation has little outstanding.
    private static var answerLife: Duration { .seconds(45) }
    private static var mostAnswers: Int { 32 }

    package var timers: [Conversation.Timer: Moment] = [:]
    /// Inputs that were taken and not answered.
    package var waiting: Set<DeliveryID> = []
    /// What has no outcome yet, in the order in which it was sent.
    package var sent: [ConversationRecord<Conversation>.Sent] = []
    /// Answers that leave when what led to them is stored.
    package var gated: [Reply] = []
    /// Whether the store has a row of it.
    package var isStored = false
    /// Whether the row is behind.
    package var isDirty = false
    private var answered: [(reply: Reply, at: Moment)] = []

    package init() {}

    /// The conversation answers an input.
    package func answer(_ reply: Reply, at now: Moment) {
        waiting.remove(reply.id)
        gated.append(reply)
        // Busy and redirect say "not me, not now": the same delivery may come again and be done.
        switch reply.outcome {
        case .busy, .redirect: return
        case .ok, .failed: answered.append((reply, now))
        }
        if answered.count > Self.mostAnswers { answered.removeFirst() }
    }

    /// What was answered to an input that comes again, for the time that it may.
    package func answer(to id: DeliveryID) -> Outcome? {
        answered.last { $0.reply.id == id }?.reply.outcome
    }

    package func record(
        of conversation: Conversation,
        version: Int,
        at now: Moment,
        _ wallTime: WallTime
    ) -> ConversationRecord<Conversation> {
        answered.removeAll { $0.at + Self.answerLife < now }
        return ConversationRecord(
            version: version,
            conversation: conversation,
            timers: timers.map { timer, moment in
                .init(timer: timer, at: wallTime.advanced(by: moment - now))
            },
            waiting: Array(waiting),
            sent: sent,
            answered: answered.map(\.reply)
        )
    }

    /// Goes on where the former owner was.
    package convenience init(
        _ record: ConversationRecord<Conversation>,
        at now: Moment,
        _ wallTime: WallTime
    ) {
        self.init()
        isStored = true
        waiting = Set(record.waiting)
        answered = record.answered.map { ($0, now) }
        sent = record.sent
        for pending in record.timers { timers[pending.timer] = now + wallTime.distance(to: pending.at) }
    }
}

extension WallTime {
    fileprivate func advanced(by duration: Duration) -> WallTime {
        WallTime(milliseconds: milliseconds + duration.inNanoseconds / 1_000_000)
    }

    /// From here to there; nothing when that is past.
    fileprivate func distance(to other: WallTime) -> Duration {
        .milliseconds(max(0, other.milliseconds - milliseconds))
    }
}
