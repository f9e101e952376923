package import BusContract
package import MachineKit

/// The outcomes of deliveries answered lately, so that a repeat gets the same answer without the work done twice.
///
/// A busy service answers hundreds of thousands of deliveries within the time that it must remember them, and most
/// outcomes are alike: so ids stand in segments in the order of time, which are forgotten whole, each beside the number
/// of its outcome in the segment; over all of them is one open-addressed index. That is some 25 octets a delivery.
package struct AnswerMemory: Sendable {
    /// What was answered within a stretch of time.
    private struct Segment: Sendable {
        /// So that the number of an outcome takes two octets.
        static let size = 4_096
        /// Distinct outcomes are shared up to this many; then sharing starts afresh.
        static let sharedLimit = 64

        let begun: Moment
        private(set) var newest: Moment
        private(set) var ids: [DeliveryID] = []
        private(set) var outcomes: [Outcome] = []
        private var numbers: [UInt16] = []
        private var shared: [Outcome: UInt16] = [:]

        init(_ now: Moment) {
            begun = now
            newest = now
        }

        var isFull: Bool { ids.count == Self.size }

        func outcome(_ offset: Int) -> Outcome { outcomes[Int(numbers[offset])] }

        mutating func append(_ id: DeliveryID, _ outcome: Outcome, at now: Moment) {
            newest = now
            ids.append(id)
            numbers.append(number(of: outcome))
            if isFull { shared = [:] }
        }

        private mutating func number(of outcome: Outcome) -> UInt16 {
            if let known = shared[outcome] { return known }
            if shared.count >= Self.sharedLimit { shared.removeAll(keepingCapacity: true) }
            let number = UInt16(outcomes.count)
            outcomes.append(outcome)
            shared[outcome] = number
            return number
        }
    }

    /// Positions count modulo this, so that one of them is free to mean "empty".
    private static let positions: UInt32 = 1 << 31
    private static let empty = UInt32.max
    private static let smallestIndex = 1_024

    private let span: Duration
    private let mostDistinct: Int
    private var segments: [Segment] = []
    /// The position of the first segment's first id.
    private var base: UInt32 = 0
    package private(set) var count = 0
    private var distinct = 0
    /// Positions of ids, at most three quarters full.
    private var index = [UInt32](repeating: empty, count: smallestIndex)

    /// Remembers each outcome for at least `span`, unless more than `mostDistinct` different ones come within that
    /// time: then the oldest are forgotten early.
    package init(for span: Duration, mostDistinct: Int = 65_536) {
        self.span = span
        self.mostDistinct = mostDistinct
    }

    package subscript(_ id: DeliveryID) -> Outcome? {
        var slot = home(of: id)
        while index[slot] != Self.empty {
            let (segment, offset) = place(index[slot])
            if segments[segment].ids[offset] == id {
                return segments[segment].outcome(offset)
            }
            slot = (slot + 1) & (index.count - 1)
        }
        return nil
    }

    /// Remembers an outcome; the id must not be remembered already.
    package mutating func remember(_ outcome: Outcome, of id: DeliveryID, at now: Moment) {
        forgetOld(now)
        if (count + 1) * 4 > index.count * 3 { rebuildIndex(size: index.count * 2) }
        // Full, or old enough that its first id should not wait for its last to be forgotten.
        if segments.last.map({ $0.isFull || $0.begun + span / 8 < now }) ?? true {
            segments.append(Segment(now))
        }
        let last = segments.count - 1
        let known = segments[last].outcomes.count
        segments[last].append(id, outcome, at: now)
        distinct += segments[last].outcomes.count - known
        count += 1
        insert(id, position(last, segments[last].ids.count - 1))
    }

    private mutating func forgetOld(_ now: Moment) {
        while !segments.isEmpty, segments[0].newest + span < now || distinct > mostDistinct { forgetFirst() }
        if index.count > Self.smallestIndex, count * 8 < index.count { rebuildIndex(size: index.count / 2) }
    }

    private mutating func forgetFirst() {
        let first = segments[0]
        for (offset, id) in first.ids.enumerated() { remove(id, position(0, offset)) }
        segments.removeFirst()
        base = (base + UInt32(Segment.size)) % Self.positions
        count -= first.ids.count
        distinct -= first.outcomes.count
    }

    private func position(_ segment: Int, _ offset: Int) -> UInt32 {
        (base + UInt32(segment * Segment.size + offset)) % Self.positions
    }

    private func place(_ position: UInt32) -> (segment: Int, offset: Int) {
        let distance = Int((position &- base) % Self.positions)
        return (distance / Segment.size, distance % Segment.size)
    }

    private func id(_ position: UInt32) -> DeliveryID {
        let (segment, offset) = place(position)
        return segments[segment].ids[offset]
    }

    private func home(of id: DeliveryID) -> Int {
        Int(truncatingIfNeeded: (id.low ^ id.high >> 32) & UInt64(index.count - 1))
    }

    private mutating func insert(_ id: DeliveryID, _ position: UInt32) {
        var slot = home(of: id)
        while index[slot] != Self.empty { slot = (slot + 1) & (index.count - 1) }
        index[slot] = position
    }

    /// Takes a position out of the index, moving what follows it back so that no probe ends early.
    private mutating func remove(_ id: DeliveryID, _ position: UInt32) {
        let mask = index.count - 1
        var hole = home(of: id)
        while index[hole] != position { hole = (hole + 1) & mask }
        var slot = (hole + 1) & mask
        while index[slot] != Self.empty {
            let wanted = home(of: self.id(index[slot]))
            if (slot - wanted) & mask >= (slot - hole) & mask {
                index[hole] = index[slot]
                hole = slot
            }
            slot = (slot + 1) & mask
        }
        index[hole] = Self.empty
    }

    private mutating func rebuildIndex(size: Int) {
        index = Array(repeating: Self.empty, count: size)
        for (number, segment) in segments.enumerated() {
            for (offset, id) in segment.ids.enumerated() { insert(id, position(number, offset)) }
        }
    }
}
