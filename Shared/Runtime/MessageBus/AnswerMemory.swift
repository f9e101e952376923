import BusContract
import MachineKit

/// The outcomes of deliveries answered lately, so that a repeat gets the same answer without the work done twice.
///
/// A busy service answers hundreds of thousands of deliveries within the time that it must remember them, so this is
/// a ring in the order of time with an open-addressed index over it: about 32 octets a delivery. Outcomes that are
/// equal to a recent one share its storage.
struct AnswerMemory: Sendable {
    /// One remembered outcome, shared by all ids that had it.
    private final class Answer: Sendable {
        let outcome: Outcome

        init(_ outcome: Outcome) {
            self.outcome = outcome
        }
    }

    /// Distinct outcomes are shared up to this many; then sharing starts afresh.
    private static let sharedLimit = 64
    private static let empty = UInt32.max

    private let span: Duration
    private var ids: [DeliveryID] = []
    private var answers: [Answer?] = []
    private var moments: [Moment] = []
    private var head = 0
    private var used = 0
    private var index: [UInt32] = []
    private var shared: [Outcome: Answer] = [:]

    /// Remembers each outcome for at least `span`.
    init(for span: Duration) {
        self.span = span
        grow(to: 256)
    }

    /// How many outcomes are remembered.
    var count: Int { used }

    subscript(_ id: DeliveryID) -> Outcome? {
        var slot = home(of: id)
        while index[slot] != Self.empty {
            if ids[Int(index[slot])] == id { return answers[Int(index[slot])]?.outcome }
            slot = (slot + 1) & (index.count - 1)
        }
        return nil
    }

    /// Remembers an outcome; the id must not be remembered already.
    mutating func remember(_ outcome: Outcome, of id: DeliveryID, at now: Moment) {
        forgetOld(now)
        if used == ids.count { grow(to: used * 2) }
        let place = (head + used) & (ids.count - 1)
        ids[place] = id
        moments[place] = now
        answers[place] = answer(outcome)
        used += 1
        insert(place)
    }

    private mutating func answer(_ outcome: Outcome) -> Answer {
        if let known = shared[outcome] { return known }
        if shared.count >= Self.sharedLimit { shared.removeAll(keepingCapacity: true) }
        let answer = Answer(outcome)
        shared[outcome] = answer
        return answer
    }

    private mutating func forgetOld(_ now: Moment) {
        while used > 0, moments[head] + span < now {
            remove(head)
            answers[head] = nil
            head = (head + 1) & (ids.count - 1)
            used -= 1
        }
    }

    private func home(of id: DeliveryID) -> Int {
        Int(truncatingIfNeeded: (id.low ^ id.high >> 32) & UInt64(index.count - 1))
    }

    private mutating func insert(_ place: Int) {
        var slot = home(of: ids[place])
        while index[slot] != Self.empty { slot = (slot + 1) & (index.count - 1) }
        index[slot] = UInt32(place)
    }

    /// Takes a place out of the index, moving what follows it back so that no probe ends early.
    private mutating func remove(_ place: Int) {
        let mask = index.count - 1
        var hole = home(of: ids[place])
        while index[hole] != UInt32(place) { hole = (hole + 1) & mask }
        var slot = (hole + 1) & mask
        while index[slot] != Self.empty {
            let wanted = home(of: ids[Int(index[slot])])
            if (slot - wanted) & mask >= (slot - hole) & mask {
                index[hole] = index[slot]
                hole = slot
            }
            slot = (slot + 1) & mask
        }
        index[hole] = Self.empty
    }

    private mutating func grow(to capacity: Int) {
        let old = (0..<used).map { (head + $0) & (ids.count - 1) }
        let nowhere = DeliveryID(high: 0, low: 0)
        ids = old.map { ids[$0] } + Array(repeating: nowhere, count: capacity - used)
        answers = old.map { answers[$0] } + Array(repeating: nil, count: capacity - used)
        moments = old.map { moments[$0] } + Array(repeating: .start, count: capacity - used)
        head = 0
        index = Array(repeating: Self.empty, count: capacity * 2)
        for place in 0..<used { insert(place) }
    }
}
