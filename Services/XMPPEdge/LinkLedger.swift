import BusContract
import MachineKit
import MessageBus

/// Which deliveries leave, or have left, by links of ours.
///
/// The same work may come twice by different ways: from who asked, and from a replica that hands it over and had been
/// asked before. It is known by the id that handing over gives it, and done once.
struct LinkLedger {
    enum Entry: Hashable {
        case new
        case inProgress
        case done(Outcome)
    }

    private var inProgress: Set<DeliveryID> = []
    private var done = AnswerMemory(for: Inbox.longestPatience + .seconds(5))

    /// What is known of a delivery; a new one is in progress from now on.
    mutating func begin(_ id: DeliveryID) -> Entry {
        if let outcome = done[id] { return .done(outcome) }
        return inProgress.insert(id).inserted ? .new : .inProgress
    }

    /// A delivery is no more in progress; nil says that it was not done here.
    mutating func end(_ id: DeliveryID, _ outcome: Outcome?, at now: Moment) {
        inProgress.remove(id)
        switch outcome {
        case .ok(let payload): done.remember(.ok(payload), of: id, at: now)
        case .failed(let failure): done.remember(.failed(failure), of: id, at: now)
        case .busy, .redirect, nil: break
        }
    }
}
