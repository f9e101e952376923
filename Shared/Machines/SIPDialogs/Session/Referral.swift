public import SIPGrammar

/// A call that somebody is asked to make (RFC 3515).
public struct Referral: Hashable, Sendable, Codable {
    /// Whom to call; a URI may bring header fields, Replaces above all.
    public var target: SIPNameAddress
    /// In whose name (RFC 3892).
    public var referredBy: String?
    /// Whether progress is to be reported (RFC 4488).
    public var wantsProgress: Bool
    /// What else the request says, such as Target-Dialog.
    public var headers: SIPHeaders

    public init(
        _ target: SIPNameAddress,
        referredBy: String? = nil,
        wantsProgress: Bool = true,
        headers: SIPHeaders = SIPHeaders()
    ) {
        self.target = target
        self.referredBy = referredBy
        self.wantsProgress = wantsProgress
        self.headers = headers
    }
}

/// How a call that we asked somebody to make fares.
public enum TransferProgress: Hashable, Sendable, Codable {
    /// The peer will try, or says that it need not report.
    case accepted
    /// The peer's call has had this status so far.
    case status(Int, String)
    /// No more will be heard: the last status, or nil if it is not known.
    case ended(Int?)
    /// The peer will not try.
    case refused(Int)
}
