/// Why an address of one side has no counterpart on the other (MAPPING section 1).
public struct Unmappable: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable, CaseIterable {
        /// A URI scheme that the gateway does not know.
        case scheme
        /// `sips:`, which is never translated (RFC 7247 section 8).
        case secureScheme
        /// A user part that no JID can have, or a local part that no SIP URI can have.
        case user
        /// A domain that is none, or an IP address that is not listed in the configuration.
        case domain
        /// The URI breaks its own grammar.
        case syntax
    }

    public var reason: Reason
    /// One line for people.
    public var text: String

    public init(_ reason: Reason, _ text: String) {
        self.reason = reason
        self.text = text
    }
}
