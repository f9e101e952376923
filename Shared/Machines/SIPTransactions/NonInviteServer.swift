public import MachineKit

// Conforms: RFC 3261 §17.2.2 (complete)
// Conforms: RFC 4320 §4 (complete)

/// A request other than INVITE and ACK, seen by the one who answers it.
///
///                      request / pass
///                           │
///                    ┌──────▼──────┐ 200–699 / response
///        ┌───────────┤   Trying    ├────────────────────────┐
///        │           └──────┬──────┘                        │
///        │ 64·T1            │ 100, or Timer "trying" / 100  │
///        │           ┌──────▼──────┐ 200–699 / response ┌───▼───────┐ request / repeat
///        │◄──────────┤ Proceeding  ├────────────────────► Completed ├─┐
///        │  64·T1    └─┬─────────▲─┘                    └─┬───────▲─┘ │
///   ┌────▼───────┐     └─────────┘ request / repeat       │       └───┘
///   │ Terminated ◄────────────────────────────────────────┘ Timer J
///   └────────────┘
///
/// What RFC 4320 changes: no provisional response but 100; over UDP a 100 not before the client's Timer E has reached
/// T2, and then by itself; never a 408; and nothing at all once the client has surely given up.
///
/// A host may replace a completed machine by a record of what was answered until ``TransactionTiming/lifetime`` has
/// passed: all that the Completed state does is to answer a repeat with the same response.
///
/// Kinds of impossible: a repeated request is the network's and is absorbed by name; a second final response or one
/// that RFC 4320 forbids is the transaction user's and is ignored by name.
public struct NonInviteServer: Machine, Hashable {
    public enum Input: Hashable, Sendable {
        /// The request arrived, for the first time or again.
        case request
        /// The transaction user answers with this status.
        case respond(Int)
        case transportFailed
    }

    public enum Output: Hashable, Sendable {
        /// Give the request to the transaction user.
        case pass
        /// Send a 100 (Trying).
        case trying
        /// Send the response that the transaction user just gave.
        case response
        /// Send the latest response again.
        case `repeat`
        case failed(TransactionFailure)
    }

    /// RFC 3261's names; what RFC 4320 adds has none there.
    public enum Timer: Hashable, Sendable {
        /// The client's Timer E has reached T2.
        case trying
        /// The client's Timer F has fired: nobody waits for a response any more.
        case f
        case j
    }

    private enum State: Hashable {
        case idle
        case trying(provisionalAllowed: Moment)
        case proceeding
        case completed(isSilent: Bool)
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
        case .trying(let allowed): trying(input, allowed, now)
        case .proceeding: proceeding(input, now)
        case .completed(let isSilent): completed(input, isSilent)
        case .terminated: [.ignore("after the end of the transaction")]
        }
    }

    public mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch (timer, state) {
        case (.trying, .trying):
            state = .proceeding
            return [.send(.trying)]
        case (.f, .trying):
            state = .terminated
            return [.cancel(.trying), .send(.failed(.timeout))]
        case (.f, .proceeding):
            state = .terminated
            return [.send(.failed(.timeout))]
        case (.j, .completed):
            state = .terminated
            return []
        case (.trying, .idle), (.trying, .proceeding), (.trying, .completed), (.trying, .terminated),
            (.f, .idle), (.f, .completed), (.f, .terminated),
            (.j, .idle), (.j, .trying), (.j, .proceeding), (.j, .terminated):
            return [.ignore("a timer of another state")]
        }
    }

    private mutating func idle(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .request:
            let trying = now + timing.untilTimerEReachesT2
            state = .trying(provisionalAllowed: isReliable ? now : trying)
            return [.send(.pass), .set(.trying, at: trying), .set(.f, at: now + timing.lifetime)]
        case .respond, .transportFailed:
            return [.ignore("before the request")]
        }
    }

    private mutating func trying(_ input: Input, _ allowed: Moment, _ now: Moment) -> Effects {
        switch input {
        case .request:
            return [.ignore("a request repeated before its answer")]
        case .respond(100) where now >= allowed:
            state = .proceeding
            return [.cancel(.trying), .send(.response)]
        case .respond(let status) where status < 200:
            return [.ignore("a provisional response to a request other than INVITE")]
        case .respond(let status):
            return [.cancel(.trying)] + final(status, now)
        case .transportFailed:
            return fail([.cancel(.trying), .cancel(.f)])
        }
    }

    private mutating func proceeding(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .request:
            return [.send(.repeat)]
        case .respond(100):
            return [.send(.response)]
        case .respond(let status) where status < 200:
            return [.ignore("a provisional response to a request other than INVITE")]
        case .respond(let status):
            return final(status, now)
        case .transportFailed:
            return fail([.cancel(.f)])
        }
    }

    private mutating func completed(_ input: Input, _ isSilent: Bool) -> Effects {
        switch input {
        case .request:
            return isSilent ? [.ignore("a request repeated after its time")] : [.send(.repeat)]
        case .respond:
            return [.ignore("a second final response")]
        case .transportFailed:
            return fail([.cancel(.j)])
        }
    }

    private mutating func final(_ status: Int, _ now: Moment) -> Effects {
        let isSilent = status == 408
        state = isReliable ? .terminated : .completed(isSilent: isSilent)
        var effects: Effects = [.cancel(.f)]
        effects.append(isSilent ? .ignore("a 408 to a request other than INVITE") : .send(.response))
        if !isReliable { effects.append(.set(.j, at: now + timing.lifetime)) }
        return effects
    }

    private mutating func fail(_ cancelled: Effects) -> Effects {
        state = .terminated
        return cancelled + [.send(.failed(.transport))]
    }
}
