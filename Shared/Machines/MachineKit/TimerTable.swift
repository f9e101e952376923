/// Timers that machines have set, earliest first.
///
/// Setting and cancelling cost the logarithm of how many are set; a moved or cancelled timer leaves its old entry in
/// the heap until it surfaces or until stale entries outnumber the live ones.
public struct TimerTable<Timer: Hashable & Sendable>: Sendable {
    private struct Entry: Sendable {
        var at: Moment
        var serial: UInt64
        var timer: Timer
    }

    private struct Due: Sendable {
        var at: Moment
        var serial: UInt64
    }

    private var heap: [Entry] = []
    private var live: [Timer: Due] = [:]
    private var serial: UInt64 = 0

    public init() {}

    /// How many timers are set.
    public var count: Int { live.count }

    /// The moment of the earliest timer.
    public var nextMoment: Moment? {
        mutating get {
            dropStale()
            return heap.first?.at
        }
    }

    /// Sets a timer, or moves it.
    public mutating func set(_ timer: Timer, at deadline: Moment) {
        serial += 1
        live[timer] = Due(at: deadline, serial: serial)
        heap.append(Entry(at: deadline, serial: serial, timer: timer))
        rise(heap.count - 1)
        if heap.count > 64, heap.count > live.count * 2 { rebuild() }
    }

    public mutating func cancel(_ timer: Timer) {
        live[timer] = nil
    }

    /// Takes the earliest timer that is due at `now`; timers of one moment come in the order they were set.
    public mutating func popDue(at now: Moment) -> (timer: Timer, at: Moment)? {
        dropStale()
        guard let first = heap.first, first.at <= now else { return nil }
        removeFirst()
        live[first.timer] = nil
        return (first.timer, first.at)
    }

    private mutating func dropStale() {
        while let first = heap.first, live[first.timer]?.serial != first.serial { removeFirst() }
    }

    private mutating func rebuild() {
        heap = live.map { Entry(at: $0.value.at, serial: $0.value.serial, timer: $0.key) }
        for index in stride(from: heap.count / 2, through: 0, by: -1) where index < heap.count { sink(index) }
    }

    private mutating func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        sink(0)
    }

    private func precedes(_ one: Int, _ other: Int) -> Bool {
        (heap[one].at, heap[one].serial) < (heap[other].at, heap[other].serial)
    }

    private mutating func rise(_ start: Int) {
        var index = start
        while index > 0, precedes(index, (index - 1) / 2) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func sink(_ start: Int) {
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
