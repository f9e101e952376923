/// Counts what came in and what of it is finished, in order (XEP-0198 section 4).
///
/// `h` grows only past a stanza whose work has ended, so what a peer has not seen acknowledged when we vanish is what
/// we had not finished, and the peer tells its senders.
struct Acknowledgements: Hashable, Sendable {
    private(set) var isEnabled = false
    private(set) var received: UInt64 = 0
    /// All up to this one are finished.
    private(set) var finished: UInt64 = 0
    /// Finished ahead of their turn.
    private var early: Set<UInt64> = []
    /// How many had come in when the peer last asked and was not fully answered.
    private(set) var owed: UInt64?
    /// What the peer was last told.
    private var told: UInt64 = 0

    /// Whether the peer asked and there is news for it, if not yet all.
    var hasNews: Bool { owed != nil && finished > told }

    /// The value to send now: counters wrap at 2³² (XEP-0198 section 4).
    mutating func tell() -> UInt32 {
        told = finished
        return UInt32(truncatingIfNeeded: finished)
    }

    var areAllFinished: Bool { finished == received }

    mutating func enable() {
        isEnabled = true
    }

    /// Counts a stanza in; its serial number, or 0 while nothing is counted.
    mutating func receive() -> UInt64 {
        guard isEnabled else { return 0 }
        received += 1
        return received
    }

    /// Notes that a stanza's work is over; true when an acknowledgement that was asked for is now complete.
    mutating func finish(_ serial: UInt64) -> Bool {
        guard isEnabled, serial > finished, serial <= received else { return false }
        early.insert(serial)
        while early.remove(finished + 1) != nil { finished += 1 }
        guard let owed, finished >= owed else { return false }
        self.owed = nil
        return true
    }

    /// Notes that the peer asks; true when the answer is complete already.
    mutating func ask() -> Bool {
        guard !areAllFinished else { return true }
        owed = received
        return false
    }
}
