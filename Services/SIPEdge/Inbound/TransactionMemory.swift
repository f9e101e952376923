package import BusContract
package import MachineKit

/// What was answered to requests whose transactions are completed, until Timer J lets them be forgotten.
///
/// At 12,000 requests a second over UDP there are 384,000 completed transactions at any time (RFC 3261 section 17.2.2),
/// so one takes 32 octets in a ring and 8 in an index instead of being an object. The repeated request itself has all
/// the header fields of the answer; only an answer that says more than its status is kept, and of those not many.
///
/// The index is by ``MergeKey``'s hash, which is keyed by the process, so that nobody can make entries collide; entries
/// of one key tell a repeat, which has the same id, from a merged request, which has not.
package struct TransactionMemory {
    package enum Finding: Hashable {
        case unknown
        /// The request came before and was answered so.
        case completed(status: Int, answer: [UInt8]?)
        /// The same request came before by another path (RFC 3261 section 8.2.2.2).
        case merged
    }

    private struct Entry {
        var high: UInt64
        var low: UInt64
        var merge: UInt64
        /// In milliseconds of a 32-bit clock that turns over.
        var expires: UInt32
        var status: UInt16

        static let none = Entry(high: 0, low: 0, merge: 0, expires: 0, status: 0)
    }

    private static let smallest = 1_024
    private static let mostAnswers = 4_096

    package let capacity: Int
    private let lifetime: Duration
    private var ring: [Entry]
    private var head = 0
    package private(set) var count = 0
    /// Places in the ring plus one; 0 is free.
    private var index: [UInt32]
    private var answers: [DeliveryID: [UInt8]] = [:]

    /// - Parameters:
    ///   - capacity: how many are remembered at most; the oldest is forgotten early when there are more.
    ///   - lifetime: Timer J.
    package init(capacity: Int, lifetime: Duration) {
        self.capacity = max(1, capacity)
        self.lifetime = lifetime
        let size = min(Self.smallest, self.capacity)
        ring = Array(repeating: .none, count: size)
        index = Array(repeating: 0, count: Self.indexSize(size))
    }

    /// The octets that the memory takes, answers aside.
    package var size: Int { ring.capacity * MemoryLayout<Entry>.stride + index.capacity * 4 }

    package func find(_ id: DeliveryID, merge: UInt64) -> Finding {
        var slot = home(merge)
        var isMerged = false
        while index[slot] != 0 {
            let entry = ring[Int(index[slot]) - 1]
            if entry.merge == merge {
                if entry.high == id.high, entry.low == id.low {
                    return .completed(status: Int(entry.status), answer: answers[id])
                }
                isMerged = true
            }
            slot = (slot + 1) & (index.count - 1)
        }
        return isMerged ? .merged : .unknown
    }

    /// Remembers what was answered: the octets too, if the status alone does not say it all.
    package mutating func remember(
        _ id: DeliveryID,
        merge: UInt64,
        status: Int,
        answer: [UInt8]?,
        at now: Moment
    ) {
        forgetExpired(at: now)
        if count == ring.count {
            if count < capacity { resize(to: min(capacity, count * 2)) } else { removeOldest() }
        }
        let place = (head + count) % ring.count
        ring[place] = Entry(
            high: id.high,
            low: id.low,
            merge: merge,
            expires: Self.clock(now + lifetime),
            status: UInt16(clamping: status)
        )
        count += 1
        insert(place)
        if let answer, answers.count < Self.mostAnswers { answers[id] = answer }
    }

    /// Forgets what Timer J has ended; cheap when there is nothing to do.
    package mutating func forgetExpired(at now: Moment) {
        let clock = Self.clock(now)
        while count > 0, Int32(bitPattern: ring[head].expires &- clock) <= 0 { removeOldest() }
        if ring.count > Self.smallest, count * 8 < ring.count { resize(to: ring.count / 2) }
    }

    private static func clock(_ moment: Moment) -> UInt32 {
        UInt32(truncatingIfNeeded: moment.nanoseconds / 1_000_000)
    }

    private static func indexSize(_ ringSize: Int) -> Int {
        var size = 2
        while size < ringSize * 2 { size *= 2 }
        return size
    }

    private func home(_ merge: UInt64) -> Int { Int(truncatingIfNeeded: merge) & (index.count - 1) }

    private mutating func insert(_ place: Int) {
        var slot = home(ring[place].merge)
        while index[slot] != 0 { slot = (slot + 1) & (index.count - 1) }
        index[slot] = UInt32(place + 1)
    }

    private mutating func removeOldest() {
        let entry = ring[head]
        var slot = home(entry.merge)
        while index[slot] != UInt32(head + 1) { slot = (slot + 1) & (index.count - 1) }
        closeGap(at: slot)
        if !answers.isEmpty { answers[DeliveryID(high: entry.high, low: entry.low)] = nil }
        head = (head + 1) % ring.count
        count -= 1
    }

    /// Moves what follows into the gap, unless that would put it before its home.
    private mutating func closeGap(at slot: Int) {
        let mask = index.count - 1
        var (gap, next) = (slot, (slot + 1) & mask)
        while index[next] != 0 {
            let distance = (next - home(ring[Int(index[next]) - 1].merge)) & mask
            if distance >= (next - gap) & mask {
                index[gap] = index[next]
                gap = next
            }
            next = (next + 1) & mask
        }
        index[gap] = 0
    }

    private mutating func resize(to size: Int) {
        var entries: [Entry] = []
        entries.reserveCapacity(size)
        for offset in 0..<count { entries.append(ring[(head + offset) % ring.count]) }
        entries.append(contentsOf: repeatElement(.none, count: size - count))
        ring = entries
        head = 0
        index = Array(repeating: 0, count: Self.indexSize(size))
        for place in 0..<count { insert(place) }
    }
}
