/// The value of Event: an event package and, where one dialog has several of it, which (RFC 6665 section 8.2.1).
public struct SIPEvent: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The package with its templates, such as `presence.winfo`; compared octet by octet.
    public var package: String
    public var id: String?

    public init(_ package: String, id: String? = nil) {
        self.package = package
        self.id = id
    }

    public var description: String {
        guard let id else { return Grammar.token(of: package) }
        return "\(Grammar.token(of: package));id=\(Grammar.token(of: id))"
    }

    init(_ value: SIPValue) {
        self.init(value.text, id: value.parameters.text("id"))
    }
}
