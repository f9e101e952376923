import Octets
public import SIPGrammar

/// What an error of one side is on the other: MAPPING section 3, and the table of failures in the architecture.
///
/// Four directions, one file each: `answer(for:to:)` makes SIP answers of stanza errors, of failures of our own and of
/// addresses that cannot be mapped; `stanzaError(for:)` makes stanza errors of SIP responses and of failures.
public enum ErrorMap {
    /// What the tables need to know about the request that failed, besides its method.
    public struct Circumstances: Hashable, Sendable {
        /// Why, where the gateway knows more than the condition says.
        public enum Cause: Hashable, Sendable {
            /// The address in the Request-URI.
            case requestURI
            /// The type of the body, or what it was encoded with.
            case mediaType
            /// The length of the message.
            case size
            /// The domain does not exist, as against one that cannot be reached.
            case noSuchDomain
            /// Two calls that crossed each other.
            case tieBreak
        }

        public var cause: Cause?
        /// The request belongs to a dialog.
        public var isInDialog: Bool
        /// The request was for a domain, not for a user of it.
        public var targetsDomain: Bool
        /// What an Allow field names with 405 and 501.
        public var allowed: [SIPMethod]
        /// What an Accept field names with 415.
        public var accepted: [String]
        public var mapper: AddressMapper

        public init(
            cause: Cause? = nil,
            isInDialog: Bool = false,
            targetsDomain: Bool = false,
            allowed: [SIPMethod] = [.options, .message],
            accepted: [String] = ErrorMap.acceptedTypes,
            mapper: AddressMapper = AddressMapper()
        ) {
            self.cause = cause
            self.isInDialog = isInDialog
            self.targetsDomain = targetsDomain
            self.allowed = allowed
            self.accepted = accepted
            self.mapper = mapper
        }
    }

    /// The types of body that a MESSAGE may have (MAPPING 4.5).
    public static let acceptedTypes = [
        "text/plain", "text/html", "message/cpim", "multipart/alternative", "multipart/mixed",
        "application/im-iscomposing+xml", "message/imdn+xml",
    ]

    /// Seconds after which one may try again who was asked to wait (MAPPING 3.1).
    public static let retryAfter = 300
    /// Seconds after which one may try again when it was the gateway that had too much to do.
    public static let overloadRetryAfter = 5
    /// The longest text, in octets, that is used as a reason phrase.
    public static let longestPhrase = 128

    /// The text as a reason phrase; nil when it is none: several lines, control characters, too long, or empty.
    static func phrase(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text.utf8.count <= longestPhrase,
            !text.unicodeScalars.contains(where: isControl)
        else { return nil }
        return text
    }

    /// The text in one line of bounded length, for people.
    static func line(_ text: String, longest: Int = 512) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            guard line.utf8.count < longest else { break }
            line.unicodeScalars.append(isControl(scalar) ? " " : scalar)
        }
        return line
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "\u{2028}"
            || scalar == "\u{2029}"
    }
}
