/// How much a server-to-server stream must prove before it carries stanzas.
public enum StreamSecurity: String, Hashable, Sendable, CaseIterable {
    /// TLS with a certificate that is valid for the peer's domain.
    case required
    /// TLS with any certificate; dialback proves the domain.
    case dialback
    /// TLS where the peer offers it; dialback proves the domain. For tests.
    case insecure

    /// Whether nothing but STARTTLS may be done on a stream in the clear (RFC 6120 section 5.3.1).
    public var needsTLS: Bool { self != .insecure }
}
