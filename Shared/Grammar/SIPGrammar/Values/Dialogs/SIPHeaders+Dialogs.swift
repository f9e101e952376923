import Octets

/// The header fields that dialogs, sessions and subscriptions live by.
extension SIPHeaders {
    /// Whether a list of option tags, methods or packages has one, letter case aside.
    ///
    /// A list that cannot be read has nothing.
    public func lists(_ token: String, in name: SIPHeaderName) -> Bool {
        ((try? list(name)) ?? []).contains { ASCII.equalIgnoringCase($0, token) }
    }

    public func sessionExpires() throws(SIPSyntaxError) -> SIPSessionExpires? {
        try converted(.sessionExpires) { SIPSessionExpires($0) }
    }

    /// Min-SE in seconds (RFC 4028 section 5).
    public func minSE() throws(SIPSyntaxError) -> UInt32? {
        try converted(.minSE) { SIPSessionExpires($0)?.seconds }
    }

    /// RSeq (RFC 3262 section 7.1).
    public func rSeq() throws(SIPSyntaxError) -> UInt32? {
        try number(.rSeq, atMost: UInt64(UInt32.max)).map { UInt32($0) }
    }

    /// RAck (RFC 3262 section 7.2).
    public func rAck() throws(SIPSyntaxError) -> SIPRAck? {
        let values = all(.rAck)
        guard let first = values.first else { return nil }
        guard values.count == 1 else { throw SIPSyntaxError(.duplicate, header: .rAck) }
        guard let value = SIPRAck(first) else { throw SIPSyntaxError(.value, header: .rAck) }
        return value
    }

    /// The values of Reason (RFC 3326); none if it cannot be read, for it says nothing that must be done.
    public var reasons: [SIPReason] {
        ((try? parameterizedList(.reason)) ?? []).map { SIPReason($0) }
    }

    /// Replaces, Join or Target-Dialog.
    public func dialogReference(_ name: SIPHeaderName) throws(SIPSyntaxError) -> SIPDialogReference? {
        try converted(name) { SIPDialogReference($0) }
    }

    public func event() throws(SIPSyntaxError) -> SIPEvent? {
        try converted(.event) { SIPEvent($0) }
    }

    public func subscriptionState() throws(SIPSyntaxError) -> SIPSubscriptionState? {
        try converted(.subscriptionState) { SIPSubscriptionState($0) }
    }

    private func converted<Value>(
        _ name: SIPHeaderName,
        _ reading: (SIPValue) -> Value?
    ) throws(SIPSyntaxError) -> Value? {
        guard let value = try parameterized(name) else { return nil }
        guard let result = reading(value) else { throw SIPSyntaxError(.value, header: name) }
        return result
    }
}
