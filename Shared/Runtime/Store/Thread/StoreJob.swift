/// Something that waits for the store's thread.
enum StoreJob: Sendable {
    case call(StoreCall)
    case write(WriteTicket)
}

/// Anything but a write.
struct StoreCall: Sendable {
    var deadline: ContinuousClock.Instant
    /// Does it and tells the caller; told exactly once.
    var run: @Sendable (any StoreSession) -> Void
}

/// One caller's writes, which go into a transaction together with others'.
struct WriteTicket: Sendable {
    var deadline: ContinuousClock.Instant
    var writes: [ConversationWrite]
    /// Told exactly once.
    var answer: @Sendable (Result<[WriteResult], StoreError>) -> Void
}
