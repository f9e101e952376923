public import SIPGrammar

/// Requests outside a dialog that a service takes.
public struct SIPClaim: Hashable, Sendable {
    /// What else a request must be about.
    public enum Subject: Hashable, Sendable {
        case anything
        /// An event package, in SUBSCRIBE and PUBLISH (RFC 6665).
        case event(String)
        /// A session description with media of this type, as `audio` or `message`.
        case media(String)
    }

    /// Which conversation a request belongs to.
    public enum Keying: Hashable, Sendable {
        /// What the two parties say to each other, whoever speaks.
        case byParties
        /// The dialog that the request begins.
        case byDialog
    }

    public var method: SIPMethod
    public var subject: Subject
    public var keying: Keying

    public init(_ method: SIPMethod, _ subject: Subject = .anything, keying: Keying = .byParties) {
        self.method = method
        self.subject = subject
        self.keying = keying
    }
}
