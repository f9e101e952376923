// Conforms: RFC 8839 §5 (complete)

/// What ICE says.
extension SDPAttributes {
    public var candidates: [ICECandidate] {
        get { all(ICECandidate.self) }
        set { set(newValue) }
    }

    public var remoteCandidates: RemoteCandidates? {
        get { first(RemoteCandidates.self) }
        set { set(newValue) }
    }

    /// User name fragment and password; nil unless both are there and well-formed.
    public var iceCredentials: ICECredentials? {
        get {
            guard let fragment = iceText(.iceUsernameFragment, 4...256),
                let password = iceText(.icePassword, 22...256)
            else { return nil }
            return ICECredentials(usernameFragment: fragment, password: password)
        }
        set {
            self[.iceUsernameFragment] = newValue?.usernameFragment
            self[.icePassword] = newValue?.password
        }
    }

    /// `trickle`, `ice2` and the like; empty if there are none.
    public var iceOptions: [String] {
        get { words(.iceOptions) }
        set { self[.iceOptions] = newValue.isEmpty ? nil : newValue.joined(separator: " ") }
    }

    private func iceText(_ name: SDPAttributeName, _ length: ClosedRange<Int>) -> String? {
        guard let text = word(name), length.contains(text.utf8.count),
            SDPGrammar.consists(text, of: SDPGrammar.ice)
        else { return nil }
        return text
    }
}
