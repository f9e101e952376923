/// What the sender of a stanza that failed may do about it (RFC 6120 section 8.3.2).
public enum StanzaErrorType: String, CaseIterable, Hashable, Sendable {
    /// Retry after providing credentials.
    case auth
    /// Do not retry.
    case cancel
    /// Proceed: the condition was only a warning.
    case `continue`
    /// Retry after changing the data sent.
    case modify
    /// Retry after waiting.
    case wait
}
