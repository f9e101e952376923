/// What orders the requests of a conversation: a CSeq number, and the era that it counts in.
///
/// A CSeq number has 31 bits (RFC 3261 section 8.1.1.5), which as milliseconds last for 24 days; the From tag changes
/// with the era, so that the pair of both never comes again.
struct SequenceNumber: Hashable, Sendable {
    let milliseconds: Int64

    var cSeq: UInt32 { UInt32(milliseconds & 0x7FFF_FFFF) }
    var era: Int64 { milliseconds >> 31 }
}
