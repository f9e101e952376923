/// How long transactions wait (RFC 3261 section 17.1.1.1 and appendix A; RFC 6026 section 7).
public struct TransactionTiming: Hashable, Sendable {
    /// An estimate of the round-trip time; all that is not T2 or T4 scales with it.
    public var t1: Duration
    /// The longest interval between two repeats of a request other than INVITE, and of a response to INVITE.
    public var t2: Duration
    /// How long a message may stay in the network.
    public var t4: Duration

    public init(
        t1: Duration = .milliseconds(500),
        t2: Duration = .seconds(4),
        t4: Duration = .seconds(5)
    ) {
        self.t1 = t1
        self.t2 = t2
        self.t4 = t4
    }

    /// 64·T1: Timers B, F, H, J, L and M.
    public var lifetime: Duration { t1 * 64 }

    /// Timer D "of at least 32 seconds", whatever T1 is: the other side's T1 is not known (RFC 6026 section 8.4).
    public var timerD: Duration { max(.seconds(32), lifetime) }

    /// How long it takes until a client's Timer E is set to T2: 3.5 s.
    ///
    /// Only then may a 100 answer a request other than INVITE over UDP (RFC 4320 section 4.1).
    public var untilTimerEReachesT2: Duration {
        var (elapsed, interval) = (Duration.zero, t1)
        while t2 > interval, interval > .zero {
            elapsed += interval
            interval *= 2
        }
        return elapsed
    }
}
