import MachineKit

/// Which counts of a nonce have been used (RFC 7616 section 3.4: nc), so that what was heard cannot be said again.
///
/// Only a nonce that somebody has used rightly is remembered, hence strangers cost nothing. When there is no room the
/// one longest known is forgotten, and with it whatever is as old: those are taken for stale.
struct NonceMemory {
    private struct Use {
        /// The highest count.
        var highest: UInt32
        /// Bit n: whether the count lower by n was used.
        var seen: UInt64
        /// Which request used the highest.
        var transaction: UInt64
    }

    private let capacity: Int
    private var uses: [Nonce: Use] = [:]
    private var order: [Nonce] = []
    private var head = 0
    /// Nonces that are not younger than this, and not remembered, may have been used.
    private var floor = WallTime(milliseconds: -1)

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { uses.count }

    /// Notes a use; false if the count was used before, by another request.
    mutating func use(_ nonce: Nonce, _ count: UInt32, by transaction: UInt64) -> Bool {
        guard let known = uses[nonce] else {
            guard nonce.issued > floor else { return false }
            if uses.count >= capacity { forgetOldest() }
            uses[nonce] = Use(highest: count, seen: 1, transaction: transaction)
            order.append(nonce)
            return true
        }
        guard let next = Self.next(known, count, transaction) else { return false }
        uses[nonce] = next
        return true
    }

    /// Forgets nonces that were made before a moment, and are no longer good for anything.
    mutating func forget(before moment: WallTime) {
        while head < order.count, order[head].issued < moment { removeFirst() }
    }

    private static func next(_ known: Use, _ count: UInt32, _ transaction: UInt64) -> Use? {
        var use = known
        if count > known.highest {
            let step = count - known.highest
            use.seen = step < 64 ? known.seen << UInt64(step) | 1 : 1
            use.highest = count
            use.transaction = transaction
            return use
        }
        // A request that nobody remembers is repeated, because its answer was lost.
        if count == known.highest, transaction == known.transaction { return use }
        let age = known.highest - count
        guard age < 64, known.seen & (1 << UInt64(age)) == 0 else { return nil }
        use.seen |= 1 << UInt64(age)
        return use
    }

    private mutating func forgetOldest() {
        guard head < order.count else { return }
        floor = max(floor, order[head].issued)
        removeFirst()
    }

    private mutating func removeFirst() {
        uses[order[head]] = nil
        head += 1
        guard head >= 1_024, head * 2 >= order.count else { return }
        order.removeFirst(head)
        head = 0
    }
}
