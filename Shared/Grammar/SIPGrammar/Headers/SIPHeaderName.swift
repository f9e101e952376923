import Octets

/// The name of a header field (RFC 3261 section 7.3.1): compared without regard to case, compact forms expanded.
///
/// Names in IANA's registry are a number inside, so that comparing and finding them costs nothing.
public struct SIPHeaderName: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The place in ``SIPHeaderRegistry``, or 255 for a name that nobody registered.
    let code: UInt8
    /// The spelling of a name that nobody registered; empty for the others.
    private let spelling: String

    /// A name in any spelling, compact forms too; what no name may hold is replaced by `-`.
    public init(_ text: String) {
        let token = Grammar.token(of: text)
        self.init(token.utf8.span)
    }

    public init(stringLiteral text: String) {
        self.init(text)
    }

    /// A name by octets that are known to be a token.
    init(_ token: Span<UInt8>) {
        code = SIPHeaderRegistry.code(of: token)
        spelling = code == SIPHeaderRegistry.unknown ? String(repairing: token) : ""
    }

    /// The canonical spelling; for a name that nobody registered, the one it came in.
    public var text: String {
        code == SIPHeaderRegistry.unknown ? spelling : SIPHeaderRegistry.names[Int(code)]
    }

    public var description: String { text }

    public static func == (left: SIPHeaderName, right: SIPHeaderName) -> Bool {
        left.code == right.code
            && (left.code != SIPHeaderRegistry.unknown
                || ASCII.equalIgnoringCase(left.spelling, right.spelling))
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        if code == SIPHeaderRegistry.unknown { ASCII.hashIgnoringCase(spelling, into: &hasher) }
    }
}
