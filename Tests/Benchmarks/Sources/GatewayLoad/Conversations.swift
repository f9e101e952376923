/// The pairs of users: which message of each is under way, since when, and who may send the next.
struct Conversations {
    private struct Pair {
        var sequence = 0
        var isUnderWay = false
        /// When it was due; in a fixed-rate run that may be before it was sent.
        var since: Int64 = 0
        var repeatAt: Int64 = 0
        var repeats = 0
        var lastArrived = 0
    }

    private static let t1: Int64 = 500_000_000
    private static let t2: Int64 = 4_000_000_000

    private var pairs: [Pair]
    private var idle: [Int]
    private(set) var underWay = 0

    init(users: Int) {
        pairs = Array(repeating: Pair(), count: users)
        idle = Array((0..<users).reversed())
    }

    var hasIdle: Bool { !idle.isEmpty }

    /// Takes an idle pair and gives it its next message; nil when all have one under way.
    mutating func start(due: Int64, now: Int64) -> Marker? {
        guard let user = idle.popLast() else { return nil }
        pairs[user].sequence += 1
        pairs[user].isUnderWay = true
        pairs[user].since = due
        pairs[user].repeatAt = now + Self.t1
        pairs[user].repeats = 0
        underWay += 1
        return Marker(user: user, sequence: pairs[user].sequence)
    }

    /// Ends the message under way; how long it took, nil when this is not the one.
    mutating func finish(_ marker: Marker, now: Int64) -> Int64? {
        guard pairs.indices.contains(marker.user), pairs[marker.user].isUnderWay,
            pairs[marker.user].sequence == marker.sequence
        else { return nil }
        pairs[marker.user].isUnderWay = false
        idle.append(marker.user)
        underWay -= 1
        return now - pairs[marker.user].since
    }

    /// Notes an arrival at the other side; false when that message had arrived before.
    mutating func arrive(_ marker: Marker) -> Bool {
        guard pairs.indices.contains(marker.user), pairs[marker.user].lastArrived < marker.sequence else {
            return false
        }
        pairs[marker.user].lastArrived = marker.sequence
        return true
    }

    /// The messages whose answer is overdue (RFC 3261 Timer E).
    mutating func overdue(now: Int64) -> [Marker] {
        var markers: [Marker] = []
        for user in pairs.indices where pairs[user].isUnderWay && pairs[user].repeatAt <= now {
            pairs[user].repeats += 1
            pairs[user].repeatAt = now + min(Self.t1 << Int64(min(pairs[user].repeats, 8)), Self.t2)
            markers.append(Marker(user: user, sequence: pairs[user].sequence))
        }
        return markers
    }
}
