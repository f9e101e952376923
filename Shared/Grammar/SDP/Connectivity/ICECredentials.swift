/// What the connectivity checks of an ICE agent are signed with (RFC 8839 section 5.4).
public struct ICECredentials: Hashable, Sendable {
    /// 4 to 256 characters.
    public var usernameFragment: String
    /// 22 to 256 characters; a secret.
    public var password: String

    public init(usernameFragment: String, password: String) {
        self.usernameFragment = usernameFragment
        self.password = password
    }
}
