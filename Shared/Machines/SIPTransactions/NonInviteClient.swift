public import MachineKit

// Conforms: RFC 3261 §17.1.2 (complete)

/// A request other than INVITE and ACK, seen by the one who sends it.
///
///                        start / request
///                              │
///                 Timer E ┌────▼─────┐ Timer F, transport failed / failed
///                 request └┤ Trying  ├──────────────────────────────┐
///                          └─┬────┬──┘                              │
///                 1xx        │    │ 200–699 / response              │
///            ┌────▼───────┐  │    │                                 │
///            │ Proceeding ├──┼────┼──────── as in Trying ───────────┤
///            └────────────┘  │    │                                 │
///                        ┌───▼────▼───┐  Timer K              ┌─────▼──────┐
///                        │ Completed  ├───────────────────────► Terminated │
///                        └────────────┘                       └────────────┘
///
/// The host keeps the request's octets; the machine says when they go out. A host that forgets a completed client
/// transaction before Timer K loses nothing: a response that matches nothing is dropped all the same (RFC 6026 section 7.2).
///
/// Kinds of impossible: a response before the start or after the end is the peer's doing and ignored by name; a second
/// `start` is the host's and ignored likewise, for a machine never traps.
public struct NonInviteClient: Machine, Hashable {
    public enum Input: Hashable, Sendable {
        case start
        /// A response with this status matched.
        case response(Int)
        case transportFailed
    }

    public enum Output: Hashable, Sendable {
        /// Put the request on the wire.
        case request
        /// Give the response that just came to the transaction user.
        case response(Int)
        case failed(TransactionFailure)
    }

    /// The names of RFC 3261's appendix A.
    public enum Timer: Hashable, Sendable {
        case e
        case f
        case k
    }

    private enum State: Hashable {
        case idle
        case trying(interval: Duration)
        case proceeding
        case completed
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

    /// Whether a final response has come; later ones are repeats.
    public var isCompleted: Bool { state == .completed || state == .terminated }
    public var isTerminated: Bool { state == .terminated }

    public mutating func handle(_ input: Input, at now: Moment) -> Effects {
        switch state {
        case .idle: idle(input, now)
        case .trying, .proceeding: waiting(input, now)
        case .completed: completed(input)
        case .terminated: [.ignore("after the end of the transaction")]
        }
    }

    public mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch (timer, state) {
        case (.e, .trying(let interval)):
            let next = min(interval * 2, timing.t2)
            state = .trying(interval: next)
            return [.send(.request), .set(.e, at: now + next)]
        case (.e, .proceeding):
            return [.send(.request), .set(.e, at: now + timing.t2)]
        case (.f, .trying), (.f, .proceeding):
            state = .terminated
            return cancelE + [.send(.failed(.timeout))]
        case (.k, .completed):
            state = .terminated
            return []
        case (.e, .idle), (.e, .completed), (.e, .terminated), (.f, .idle), (.f, .completed),
            (.f, .terminated),
            (.k, .idle), (.k, .trying), (.k, .proceeding), (.k, .terminated):
            return [.ignore("a timer of another state")]
        }
    }

    private mutating func idle(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .start:
            state = .trying(interval: timing.t1)
            let timeout: Effects = [.send(.request), .set(.f, at: now + timing.lifetime)]
            return isReliable ? timeout : timeout + [.set(.e, at: now + timing.t1)]
        case .response, .transportFailed:
            return [.ignore("before the request")]
        }
    }

    private mutating func waiting(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .response(let status) where status < 200:
            state = .proceeding
            return [.send(.response(status))]
        case .response(let status):
            state = isReliable ? .terminated : .completed
            let end: Effects = cancelE + [.cancel(.f), .send(.response(status))]
            return isReliable ? end : end + [.set(.k, at: now + timing.t4)]
        case .transportFailed:
            state = .terminated
            return cancelE + [.cancel(.f), .send(.failed(.transport))]
        case .start:
            return [.ignore("started twice")]
        }
    }

    private func completed(_ input: Input) -> Effects {
        switch input {
        case .response: [.ignore("a final response sent again")]
        case .start, .transportFailed: [.ignore("after the final response")]
        }
    }

    private var cancelE: Effects { isReliable ? [] : [.cancel(.e)] }
}
