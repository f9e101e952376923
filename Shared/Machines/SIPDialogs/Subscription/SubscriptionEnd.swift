public import SIPGrammar

/// Why a subscription ended.
public enum SubscriptionEnd: Hashable, Sendable, Codable {
    /// A SUBSCRIBE was refused.
    case refused(SIPResponse)
    /// The notifier ended it.
    case terminated(SIPSubscriptionState)
    /// The notifier does not know it any more: 481.
    case gone
    /// No notification came within 64·T1 of the SUBSCRIBE (RFC 6665 section 4.1.2.4).
    case silent
    /// No refresh got through before it expired.
    case expired
    /// We wanted no more.
    case unsubscribed

    /// When to try again, with another Call-ID and tag (RFC 6665 sections 4.1.2.2 and 4.1.3).
    public enum Retry: Hashable, Sendable {
        case never
        case now
        /// After that many seconds at least.
        case after(UInt32)
        /// When the subscriber likes.
        case later
    }

    public var retry: Retry {
        switch self {
        case .unsubscribed: .never
        case .gone: .now
        case .silent, .expired: .later
        case .refused(let response):
            ((try? response.headers.retryAfter()) ?? nil).map { .after($0.seconds) } ?? .later
        case .terminated(let state):
            switch state.reason {
            case "deactivated", "timeout": .now
            case "rejected", "noresource", "invariant": .never
            case .some, nil: state.retryAfter.map { .after($0) } ?? .later
            }
        }
    }
}
