import MachineKit

/// Numbers requests so that no two of a conversation are taken for one, across restarts too.
///
/// A user agent server that sees a pair of From tag, Call-ID and CSeq again answers 482 (RFC 3261 section 8.2.2.2), and
/// a restarted translator remembers no number. So the numbers are the arrivals' milliseconds, made to rise strictly.
struct SequenceClock: Hashable, Sendable {
    private var last: Int64 = 0

    mutating func next(at arrival: WallTime) -> SequenceNumber {
        last = max(last + 1, arrival.milliseconds)
        return SequenceNumber(milliseconds: last)
    }
}
