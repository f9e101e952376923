/// Why a transaction ended without what it was there for.
public enum TransactionFailure: Hashable, Sendable {
    /// The other side was not heard: Timer B or F of a client, Timer H of a server.
    case timeout
    /// The transport could not send (RFC 3261 sections 17.1.4 and 17.2.4).
    case transport
}
