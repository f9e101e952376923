import Octets

/// The value of Subscription-State (RFC 6665 section 8.2.3): `active;expires=600`, `terminated;reason=rejected`.
public struct SIPSubscriptionState: Hashable, Sendable, Codable, CustomStringConvertible {
    public enum State: Hashable, Sendable, Codable {
        case active
        case pending
        case terminated
        /// A state that nobody registered, in small letters.
        case other(String)
    }

    public var state: State
    /// Why a subscription ended, in small letters: `deactivated`, `probation`, `rejected`, `timeout`, `giveup`,
    /// `noresource`, `invariant`.
    public var reason: String?
    /// How many seconds are left.
    public var expires: UInt32?
    /// After how many seconds it is worth trying again.
    public var retryAfter: UInt32?

    public init(_ state: State, reason: String? = nil, expires: UInt32? = nil, retryAfter: UInt32? = nil) {
        self.state = state
        self.reason = reason
        self.expires = expires
        self.retryAfter = retryAfter
    }

    public static func active(expires: UInt32) -> SIPSubscriptionState {
        SIPSubscriptionState(.active, expires: expires)
    }

    public static func pending(expires: UInt32) -> SIPSubscriptionState {
        SIPSubscriptionState(.pending, expires: expires)
    }

    public static func terminated(_ reason: String?, retryAfter: UInt32? = nil) -> SIPSubscriptionState {
        SIPSubscriptionState(.terminated, reason: reason, retryAfter: retryAfter)
    }

    public var description: String {
        var parameters = SIPParameters()
        if let reason { parameters.set("reason", Grammar.token(of: reason)) }
        if let expires { parameters.set("expires", "\(expires)") }
        if let retryAfter { parameters.set("retry-after", "\(retryAfter)") }
        return SIPValue(Grammar.token(of: name), parameters: parameters).description
    }

    private var name: String {
        switch state {
        case .active: "active"
        case .pending: "pending"
        case .terminated: "terminated"
        case .other(let name): name
        }
    }

    init(_ value: SIPValue) {
        let state: State =
            switch ASCII.lowercased(value.text) {
            case "active": .active
            case "pending": .pending
            case "terminated": .terminated
            case let name: .other(name)
            }
        self.init(
            state,
            reason: value.parameters.text("reason").map { ASCII.lowercased($0) },
            expires: Self.seconds("expires", value.parameters),
            retryAfter: Self.seconds("retry-after", value.parameters)
        )
    }

    private static func seconds(_ name: String, _ parameters: SIPParameters) -> UInt32? {
        guard let text = parameters.text(name), text.utf8.allSatisfy({ ASCII.isDigit($0) }) else {
            return nil
        }
        guard !text.isEmpty else { return nil }
        return UInt32(ASCII.decimal(text.utf8.span, limit: UInt64(UInt32.max)) ?? UInt64(UInt32.max))
    }
}
