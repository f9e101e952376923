// Conforms: RFC 4145 §4 (complete)
// Conforms: RFC 4145 §5 (complete)
// Conforms: RFC 4568 §9 (complete)
// Conforms: RFC 8122 §5 (complete)

/// What says how connections and keys come about.
extension SDPAttributes {
    public var fingerprints: [Fingerprint] {
        get { all(Fingerprint.self) }
        set { set(newValue) }
    }

    public var setup: SetupRole? {
        get { first(SetupRole.self) }
        set { set(newValue) }
    }

    public var connectionReuse: ConnectionReuse? {
        get { first(ConnectionReuse.self) }
        set { set(newValue) }
    }

    public var crypto: [CryptoAttribute] {
        get { all(CryptoAttribute.self) }
        set { set(newValue) }
    }

    /// What tells one DTLS association from the next (RFC 8842 section 4).
    public var tlsID: String? {
        get { word(.tlsID) }
        set { self[.tlsID] = newValue }
    }
}
