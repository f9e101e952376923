/// The two domains that stanzas of a server-to-server stream go between, seen from here (XEP-0220 section 1.3).
///
/// On a stream that we opened, ``local`` is the sender domain; on one that was opened to us, it is the target domain.
public struct DomainPair: Hashable, Sendable {
    public var local: String
    public var remote: String

    public init(local: String, remote: String) {
        self.local = local
        self.remote = remote
    }
}
