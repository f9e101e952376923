/// Timers that machines have set, earliest first.
///
/// Setting and cancelling cost the logarithm of how many are set; a moved or cancelled timer leaves its old entry in
/// the heap until it surfaces or until stale entries outnumber the live ones.
///
/// All of it is inlinable: it is generic and in the way of every message, so each module makes its own of it.
public struct TimerTable<Timer: Hashable & Sendable>: Sendable {
    @usableFromInline struct Entry: Sendable {
        @usableFromInline var at: Moment
        @usableFromInline var serial: UInt64
        @usableFromInline var timer: Timer

        @inlinable init(at: Moment, serial: UInt64, timer: Timer) {
            self.at = at
            self.serial = serial
            self.timer = timer
        }
    }

    @usableFromInline struct Due: Sendable {
        @usableFromInline var at: Moment
        @usableFromInline var serial: UInt64

        @inlinable init(at: Moment, serial: UInt64) {
            self.at = at
            self.serial = serial
        }
    }

    @usableFromInline var heap: [Entry] = []
    @usableFromInline var live: [Timer: Due] = [:]
    @usableFromInline var serial: UInt64 = 0

    @inlinable public init() {}

    /// How many timers are set.
    @inlinable public var count: Int { live.count }

    /// The moment of the earliest timer.
    @inlinable public var nextMoment: Moment? {
        mutating get {
            dropStale()
            return heap.first?.at
        }
    }

    /// Sets a timer, or moves it.
    @inlinable public mutating func set(_ timer: Timer, at deadline: Moment) {
        serial += 1
        live[timer] = Due(at: deadline, serial: serial)
        heap.append(Entry(at: deadline, serial: serial, timer: timer))
        rise(heap.count - 1)
        if heap.count > 64, heap.count > live.count * 2 { rebuild() }
    }

    @inlinable public mutating func cancel(_ timer: Timer) {
        live[timer] = nil
    }

    /// Takes the earliest timer that is due at `now`; timers of one moment come in the order they were set.
    @inlinable public mutating func popDue(at now: Moment) -> (timer: Timer, at: Moment)? {
        dropStale()
        guard let first = heap.first, first.at <= now else { return nil }
        removeFirst()
        live[first.timer] = nil
        return (first.timer, first.at)
    }

    @inlinable mutating func dropStale() {
        while let first = heap.first, live[first.timer]?.serial != first.serial { removeFirst() }
    }

    @inlinable mutating func rebuild() {
        heap = live.map { Entry(at: $0.value.at, serial: $0.value.serial, timer: $0.key) }
        for index in stride(from: heap.count / 2, through: 0, by: -1) where index < heap.count { sink(index) }
    }

    @inlinable mutating func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        sink(0)
    }

    @inlinable func precedes(_ one: Int, _ other: Int) -> Bool {
        (heap[one].at, heap[one].serial) < (heap[other].at, heap[other].serial)
    }

    @inlinable mutating func rise(_ start: Int) {
        var index = start
        while index > 0, precedes(index, (index - 1) / 2) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    @inlinable mutating func sink(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in [index * 2 + 1, index * 2 + 2] where child < heap.count && precedes(child, least) {
                least = child
            }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
