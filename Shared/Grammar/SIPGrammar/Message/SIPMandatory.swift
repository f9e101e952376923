/// The header fields that every message has (RFC 3261 section 8.1.1), read.
public struct SIPMandatory: Hashable, Sendable {
    /// The topmost Via value.
    public var via: SIPVia
    public var from: SIPNameAddress
    public var to: SIPNameAddress
    public var callID: String
    public var cSeq: SIPCSeq
    /// Nil where a request has none, as RFC 2543 allowed, and in responses.
    public var maxForwards: Int?
}

extension SIPRequest {
    /// Reads what every request must have; throws what is missing, repeated, broken or contradictory.
    public func mandatory() throws(SIPSyntaxError) -> SIPMandatory {
        var mandatory = try headers.mandatory()
        mandatory.maxForwards = try headers.maxForwards()
        guard mandatory.cSeq.method == method else { throw SIPSyntaxError(.method, header: .cSeq) }
        return mandatory
    }

    /// Reads every header field whose form is known; throws the first fault.
    public func validate() throws(SIPSyntaxError) {
        _ = try mandatory()
        try headers.validate()
    }
}

extension SIPResponse {
    /// Reads what every response must have; throws what is missing, repeated or broken.
    public func mandatory() throws(SIPSyntaxError) -> SIPMandatory { try headers.mandatory() }

    /// Reads every header field whose form is known; throws the first fault.
    public func validate() throws(SIPSyntaxError) {
        _ = try mandatory()
        try headers.validate()
    }
}

extension SIPHeaders {
    fileprivate func mandatory() throws(SIPSyntaxError) -> SIPMandatory {
        SIPMandatory(
            via: try topVia(),
            from: try from(),
            to: try to(),
            callID: try callID(),
            cSeq: try cSeq(),
            maxForwards: nil
        )
    }
}
