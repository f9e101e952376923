public import MachineKit

// Conforms: RFC 3261 §17.2.1 (complete)
// Conforms: RFC 6026 §7.1 (complete)

/// An INVITE, seen by the one who answers it.
///
///                        INVITE / pass
///                             │      ┌─┐ 1xx / response; INVITE / repeat; Timer "trying" / 100
///                      ┌──────▼──────▼─┴┐
///                      │   Proceeding   │
///                      └─┬───────────┬──┘
///        2xx / response  │           │ 300–699 / response
///                 ┌──────▼───┐   ┌───▼───────┐ INVITE, Timer G / repeat
///    ACK / ACK  ┌─┤ Accepted │   │ Completed ├─┐
///  2xx/response └─►          │   └─┬───┬───▲─┘ │
///                 └──────┬───┘     │   │   └───┘
///                Timer L │     ACK │   │ Timer H / failed
///                        │  ┌──────▼────┐  │
///                        │  │ Confirmed ├──┤ Timer I
///                        │  └───────────┘  │
///                      ┌─▼─────────────────▼┐
///                      │     Terminated     │
///                      └────────────────────┘
///
/// A transport that fails is told to the transaction user and changes no state (RFC 6026 section 7.1): repeats of the
/// INVITE must still be recognised. 2xx responses are repeated by the transaction user alone.
///
/// Kinds of impossible: as for ``NonInviteServer``. An ACK in the Proceeding state acknowledges nothing and is the peer's.
public struct InviteServer: Machine, Hashable {
    public enum Input: Hashable, Sendable {
        /// The INVITE arrived, for the first time or again.
        case request
        /// An ACK that matches arrived.
        case ack
        /// The transaction user answers with this status.
        case respond(Int)
        case transportFailed
    }

    public enum Output: Hashable, Sendable {
        /// Give the INVITE to the transaction user.
        case pass
        /// Give the ACK to the transaction user: it acknowledges a 2xx.
        case passAcknowledgement
        /// Send a 100 (Trying).
        case trying
        /// Send the response that the transaction user just gave.
        case response
        /// Send the latest response again.
        case `repeat`
        case failed(TransactionFailure)
    }

    /// The names of RFC 3261's appendix A, and RFC 6026's L; the 200 ms before a 100 have no name there.
    public enum Timer: Hashable, Sendable {
        case trying
        case g
        case h
        case i
        case l
    }

    private enum State: Hashable {
        case idle
        case proceeding(hasResponse: Bool)
        case completed(interval: Duration)
        case confirmed
        case accepted
        case terminated
    }

    /// How long the transaction user has before a 100 is sent for it (RFC 3261 section 17.2.1).
    public static let patience = Duration.milliseconds(200)

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
        case .proceeding(let hasResponse): proceeding(input, hasResponse, now)
        case .completed: completed(input, now)
        case .confirmed: confirmed(input)
        case .accepted: accepted(input)
        case .terminated: [.ignore("after the end of the transaction")]
        }
    }

    public mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch (timer, state) {
        case (.trying, .proceeding(hasResponse: false)):
            state = .proceeding(hasResponse: true)
            return [.send(.trying)]
        case (.g, .completed(let interval)):
            let next = min(interval * 2, timing.t2)
            state = .completed(interval: next)
            return [.send(.repeat), .set(.g, at: now + next)]
        case (.h, .completed):
            state = .terminated
            return cancelG + [.send(.failed(.timeout))]
        case (.i, .confirmed), (.l, .accepted):
            state = .terminated
            return []
        case (.trying, .idle), (.trying, .proceeding), (.trying, .completed), (.trying, .confirmed),
            (.trying, .accepted), (.trying, .terminated),
            (.g, .idle), (.g, .proceeding), (.g, .confirmed), (.g, .accepted), (.g, .terminated),
            (.h, .idle), (.h, .proceeding), (.h, .confirmed), (.h, .accepted), (.h, .terminated),
            (.i, .idle), (.i, .proceeding), (.i, .completed), (.i, .accepted), (.i, .terminated),
            (.l, .idle), (.l, .proceeding), (.l, .completed), (.l, .confirmed), (.l, .terminated):
            return [.ignore("a timer of another state")]
        }
    }

    private mutating func idle(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .request:
            state = .proceeding(hasResponse: false)
            return [.send(.pass), .set(.trying, at: now + Self.patience)]
        case .ack, .respond, .transportFailed:
            return [.ignore("before the request")]
        }
    }

    private mutating func proceeding(_ input: Input, _ hasResponse: Bool, _ now: Moment) -> Effects {
        let quiet: Effects = hasResponse ? [] : [.cancel(.trying)]
        switch input {
        case .request:
            return hasResponse ? [.send(.repeat)] : [.ignore("an INVITE repeated before its answer")]
        case .respond(let status) where status < 200:
            state = .proceeding(hasResponse: true)
            return quiet + [.send(.response)]
        case .respond(let status) where status < 300:
            state = .accepted
            return quiet + [.send(.response), .set(.l, at: now + timing.lifetime)]
        case .respond:
            state = .completed(interval: timing.t1)
            let end: Effects = quiet + [.send(.response), .set(.h, at: now + timing.lifetime)]
            return isReliable ? end : end + [.set(.g, at: now + timing.t1)]
        case .transportFailed:
            return [.send(.failed(.transport))]
        case .ack:
            return [.ignore("an ACK before a final response")]
        }
    }

    private mutating func completed(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .request:
            return [.send(.repeat)]
        case .ack:
            state = isReliable ? .terminated : .confirmed
            let end: Effects = cancelG + [.cancel(.h)]
            return isReliable ? end : end + [.set(.i, at: now + timing.t4)]
        case .transportFailed:
            return [.send(.failed(.transport))]
        case .respond:
            return [.ignore("a second final response")]
        }
    }

    private func confirmed(_ input: Input) -> Effects {
        switch input {
        case .ack: [.ignore("an ACK sent again")]
        case .request, .respond, .transportFailed: [.ignore("after the ACK")]
        }
    }

    private func accepted(_ input: Input) -> Effects {
        switch input {
        case .ack: [.send(.passAcknowledgement)]
        case .respond(let status) where (200..<300).contains(status): [.send(.response)]
        case .transportFailed: [.send(.failed(.transport))]
        case .request: [.ignore("an INVITE repeated after a 2xx")]
        case .respond: [.ignore("a response other than 2xx after a 2xx")]
        }
    }

    private var cancelG: Effects { isReliable ? [] : [.cancel(.g)] }
}
