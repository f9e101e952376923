/// Why a text is no XMPP address (RFC 7622).
public struct JIDError: Error, Hashable, Sendable {
    /// A part of an address.
    public enum Part: String, Hashable, Sendable {
        case local, domain, resource
    }

    public enum Reason: String, Hashable, Sendable {
        /// The part has no octet, or none is left after the mappings.
        case empty
        /// The part has more than 1023 octets after the mappings.
        case tooLong
        /// A code point that the part may not have, or not there.
        case forbiddenCodePoint
        /// The Bidi Rule of RFC 5893 section 2 is broken.
        case bidirectional
        /// A label of the domain is empty, too long, has a hyphen where none may be, or is no A-label.
        case badLabel
        /// What stands in brackets is no IPv6 address.
        case badIPLiteral
    }

    public var part: Part
    public var reason: Reason

    public init(_ part: Part, _ reason: Reason) {
        self.part = part
        self.reason = reason
    }
}
