import MachineKit

/// A handful of things that are remembered for a while: bounded in number, each with its own end.
///
/// Looking up walks through the entries, which for so few is quicker than hashing. The least recently set goes first.
struct ExpiringMap<Key: Hashable & Sendable, Value: Hashable & Sendable>: Hashable, Sendable {
    private struct Entry: Hashable, Sendable {
        var key: Key
        var value: Value
        var until: Moment
    }

    private let capacity: Int
    private var entries: [Entry] = []

    init(capacity: Int) {
        self.capacity = capacity
    }

    var isEmpty: Bool { entries.isEmpty }

    /// The moment from which nothing of it is remembered.
    var end: Moment { entries.reduce(.start) { max($0, $1.until) } }

    func value(of key: Key, at now: Moment) -> Value? {
        for entry in entries where entry.key == key && entry.until > now { return entry.value }
        return nil
    }

    /// The key that was set last with such a value.
    func lastKey(at now: Moment, where matches: (Value) -> Bool) -> Key? {
        entries.last { $0.until > now && matches($0.value) }?.key
    }

    mutating func set(_ value: Value, for key: Key, until end: Moment) {
        if let place = entries.lastIndex(where: { $0.key == key }) {
            entries.remove(at: place)
        } else if entries.count >= capacity {
            entries.removeFirst()
        }
        entries.append(Entry(key: key, value: value, until: end))
    }

    mutating func remove(_ key: Key) {
        entries.removeAll { $0.key == key }
    }

    mutating func forgetExpired(at now: Moment) {
        entries.removeAll { $0.until <= now }
    }
}
