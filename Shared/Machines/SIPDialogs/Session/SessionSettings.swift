public import SIPGrammar

/// What a user agent can do and how patient it is; the same for all its sessions.
public struct SessionSettings: Hashable, Sendable, Codable {
    /// The methods that Allow lists; requests of others are answered 405.
    public var methods: [SIPMethod] = [
        .invite, .ack, .bye, .cancel, .options, .prack, .update, .info, .refer, .notify, .message,
    ]
    /// The option tags that Supported lists; requests that require others are answered 420.
    public var extensions = ["100rel", "timer", "replaces", "norefersub"]
    /// How long a session lasts without a refresh, in seconds (RFC 4028); 0 for no session timer of our asking.
    public var interval: UInt32 = 1800
    /// The shortest such interval that is taken from a peer, at least 90.
    public var minimumInterval: UInt32 = 90
    /// What is added to every request and response, such as User-Agent.
    public var headers = SIPHeaders()
    /// An estimate of the round-trip time (RFC 3261 section 17.1.1.1).
    public var t1 = Duration.milliseconds(500)
    /// The longest time between two repeats of a 2xx.
    public var t2 = Duration.seconds(4)
    /// How long the owner may take to answer an offer in an UPDATE, which nobody is to be asked about (RFC 3311 section 5.2).
    public var promptness = Duration.seconds(20)

    public init() {}

    /// 64·T1: how long a repeat goes on, and how long a late message may be under way.
    var lifetime: Duration { t1 * 64 }
}
