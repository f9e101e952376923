public import MachineKit

// Conforms: RFC 3261 §17.1.1 (complete)
// Conforms: RFC 6026 §7.2 (complete)

/// An INVITE, seen by the one who sends it.
///
///                         start / INVITE
///                              │
///              Timer A ┌───────▼───────┐ Timer B, transport failed / failed
///               INVITE └┤   Calling    ├────────────────────────────────┐
///                       └─┬─────┬────┬─┘                                │
///                     1xx │     │    │ 300–699 / ACK, response          │
///          ┌──────────────▼┐    │  ┌─▼─────────┐ 300–699 / ACK          │
///          │  Proceeding   ├────┼──► Completed ├─┐ transport failed ────┤
///          └─────────────┬─┘    │  └─┬───────▲─┘ │                      │
///          2xx / response│      │    │       └───┘          Timer D     │
///                       ┌▼──────▼──┐ └─────────────────────────────────►│
///    2xx / response ┌───┤ Accepted │   Timer M                    ┌─────▼──────┐
///                   └───►          ├──────────────────────────────► Terminated │
///                       └──────────┘                              └────────────┘
///
/// The ACK of a 2xx is the transaction user's, the ACK of anything else is sent from here. Every 2xx goes up: each may
/// come from another branch of a fork.
///
/// Kinds of impossible: as for ``NonInviteClient``. A provisional response after the final one is late, not wrong.
public struct InviteClient: Machine, Hashable {
    public enum Input: Hashable, Sendable {
        case start
        /// A response with this status matched.
        case response(Int)
        case transportFailed
    }

    public enum Output: Hashable, Sendable {
        /// Put the INVITE on the wire.
        case request
        /// Send an ACK for the final response that came first (RFC 3261 section 17.1.1.3).
        case acknowledge
        /// Give the response that just came to the transaction user.
        case response(Int)
        case failed(TransactionFailure)
    }

    /// The names of RFC 3261's appendix A, and RFC 6026's M.
    public enum Timer: Hashable, Sendable {
        case a
        case b
        case d
        case m
    }

    private enum State: Hashable {
        case idle
        case calling(interval: Duration)
        case proceeding
        case completed
        case accepted
        case terminated
    }

    private let timing: TransactionTiming
    private let isReliable: Bool
    private var state = State.idle

    /// A transaction over a transport that repeats by itself what is lost, as TCP does, or one that does not.
    public init(isReliable: Bool, timing: TransactionTiming = TransactionTiming()) {
        self.isReliable = isReliable
        self.timing = timing
    }

    public var isTerminated: Bool { state == .terminated }

    public mutating func handle(_ input: Input, at now: Moment) -> Effects {
        switch state {
        case .idle: idle(input, now)
        case .calling: calling(input, now)
        case .proceeding: proceeding(input, now)
        case .completed: completed(input)
        case .accepted: accepted(input)
        case .terminated: [.ignore("after the end of the transaction")]
        }
    }

    public mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch (timer, state) {
        case (.a, .calling(let interval)):
            state = .calling(interval: interval * 2)
            return [.send(.request), .set(.a, at: now + interval * 2)]
        case (.b, .calling):
            state = .terminated
            return stopCalling(from: .b) + [.send(.failed(.timeout))]
        case (.d, .completed), (.m, .accepted):
            state = .terminated
            return []
        case (.a, .idle), (.a, .proceeding), (.a, .completed), (.a, .accepted), (.a, .terminated),
            (.b, .idle), (.b, .proceeding), (.b, .completed), (.b, .accepted), (.b, .terminated),
            (.d, .idle), (.d, .calling), (.d, .proceeding), (.d, .accepted), (.d, .terminated),
            (.m, .idle), (.m, .calling), (.m, .proceeding), (.m, .completed), (.m, .terminated):
            return [.ignore("a timer of another state")]
        }
    }

    private mutating func idle(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .start:
            state = .calling(interval: timing.t1)
            let timeout: Effects = [.send(.request), .set(.b, at: now + timing.lifetime)]
            return isReliable ? timeout : timeout + [.set(.a, at: now + timing.t1)]
        case .response, .transportFailed:
            return [.ignore("before the request")]
        }
    }

    private mutating func calling(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .response(let status) where status < 200:
            state = .proceeding
            return stopCalling(from: nil) + [.send(.response(status))]
        case .response(let status):
            return stopCalling(from: nil) + final(status, now)
        case .transportFailed:
            state = .terminated
            return stopCalling(from: nil) + [.send(.failed(.transport))]
        case .start:
            return [.ignore("started twice")]
        }
    }

    private mutating func proceeding(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .response(let status) where status < 200:
            return [.send(.response(status))]
        case .response(let status):
            return final(status, now)
        case .start, .transportFailed:
            // Nothing is sent in this state, so no transport can fail at it.
            return [.ignore("in the Proceeding state")]
        }
    }

    private mutating func final(_ status: Int, _ now: Moment) -> Effects {
        guard status >= 300 else {
            state = .accepted
            return [.send(.response(status)), .set(.m, at: now + timing.lifetime)]
        }
        state = isReliable ? .terminated : .completed
        let end: Effects = [.send(.acknowledge), .send(.response(status))]
        return isReliable ? end : end + [.set(.d, at: now + timing.timerD)]
    }

    private mutating func completed(_ input: Input) -> Effects {
        switch input {
        case .response(let status) where status >= 300:
            return [.send(.acknowledge)]
        case .transportFailed:
            state = .terminated
            return [.cancel(.d), .send(.failed(.transport))]
        case .response, .start:
            return [.ignore("after the final response")]
        }
    }

    private func accepted(_ input: Input) -> Effects {
        switch input {
        case .response(let status) where (200..<300).contains(status): [.send(.response(status))]
        case .response, .start, .transportFailed: [.ignore("after a 2xx")]
        }
    }

    private func stopCalling(from fired: Timer?) -> Effects {
        let a: Effects = isReliable ? [] : [.cancel(.a)]
        return fired == .b ? a : a + [.cancel(.b)]
    }
}
