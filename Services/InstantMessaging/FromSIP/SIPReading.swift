/// What a MESSAGE request turned out to be.
enum SIPReading: Hashable, Sendable {
    /// It shows nothing to anybody.
    case nothing
    /// Its Expires has passed (RFC 3428 section 7).
    case expired
    case page(SIPPage)
}
