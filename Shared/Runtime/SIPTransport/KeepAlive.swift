import NIOCore

// Conforms: RFC 5626 §4.4.1 (complete)

/// Keeps a quiet connection open through whatever stands between, and finds out when it is dead (RFC 5626 sections 3.5.1
/// and 4.4.1; RFC 7118 section 6).
struct KeepAlive {
    enum Step: Hashable {
        case none
        case ping
        /// The peer has answered before, or must, and does not any more.
        case dead
    }

    /// Whether every peer answers, so that one that never did is dead too: WebSockets' own pings.
    private let isObliging: Bool
    private var answers = false
    private var quietSince: NIODeadline
    private var interval: TimeAmount
    private var asked: NIODeadline?

    init(isObliging: Bool, at now: NIODeadline, _ limits: TransportLimits) {
        self.isObliging = isObliging
        quietSince = now
        interval = Self.interval(limits)
    }

    /// Something went over the connection.
    mutating func noteTraffic(at now: NIODeadline) {
        quietSince = now
    }

    /// Something came, which is as good as an answer for now.
    mutating func noteArrival(at now: NIODeadline) {
        quietSince = now
        asked = nil
    }

    /// The answer came.
    mutating func noteAnswer(at now: NIODeadline) {
        answers = true
        noteArrival(at: now)
    }

    /// What to do now.
    mutating func step(at now: NIODeadline, _ limits: TransportLimits) -> Step {
        if let asked {
            guard now - asked >= limits.pong else { return .none }
            if answers || isObliging { return .dead }
            // Does not speak RFC 5626; the path was kept open all the same.
            self.asked = nil
            quietSince = now
            return .none
        }
        guard now - quietSince >= interval else { return .none }
        asked = now
        interval = Self.interval(limits)
        return .ping
    }

    /// Between four fifths of the limit and all of it, so that many connections do not ping at once.
    private static func interval(_ limits: TransportLimits) -> TimeAmount {
        let most = limits.keepAlive.nanoseconds
        return .nanoseconds(most - Int64.random(in: 0...max(0, most / 5)))
    }
}
