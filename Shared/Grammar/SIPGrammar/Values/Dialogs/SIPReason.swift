import Octets

/// One Reason value: why a request was sent (RFC 3326): `SIP;cause=200;text="Call completed elsewhere"`.
public struct SIPReason: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Whose code ``cause`` is: `SIP` for a status code, `Q.850` for an ITU-T cause.
    public var namespace: String
    public var cause: Int?
    public var text: String?

    public init(_ namespace: String, cause: Int?, text: String? = nil) {
        self.namespace = namespace
        self.cause = cause
        self.text = text
    }

    /// A status code as a reason.
    public static func status(_ status: Int, _ text: String? = nil) -> SIPReason {
        SIPReason("SIP", cause: status, text: text ?? SIPStatus.phrase(status))
    }

    /// The status code; nil if the reason is another namespace's.
    public var status: Int? { ASCII.equalIgnoringCase(namespace, "SIP") ? cause : nil }

    public var description: String {
        var parameters = SIPParameters()
        if let cause { parameters.set("cause", "\(cause)") }
        if let text { parameters.set("text", Quoting.quoted(text)) }
        return SIPValue(Grammar.token(of: namespace), parameters: parameters).description
    }

    init(_ value: SIPValue) {
        let digits = value.parameters.text("cause")
        self.init(
            value.text,
            cause: digits.flatMap { ASCII.decimal($0.utf8.span, limit: 999) }.map { Int($0) },
            text: value.parameters.text("text")
        )
    }
}
