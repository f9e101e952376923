import MachineKit
import SIPGrammar

/// One call of a session's `handle` or `fired`: when it is, what is drawn on, and what shall be done.
struct Turn {
    let now: Moment
    var supply: Supply
    private(set) var effects: InviteSession.Effects = []
    /// How the session shall end with this turn.
    private(set) var ending: Ending?

    enum Ending: Hashable {
        case now(SessionEnd)
        /// After a BYE.
        case farewell(SessionEnd, [SIPReason] = [], SIPHeaders = SIPHeaders())
    }

    var settings: SessionSettings { supply.settings }

    init(now: Moment, supply: Supply) {
        self.now = now
        self.supply = supply
    }

    mutating func tell(_ event: SessionEvent) {
        effects.append(.send(.event(event)))
    }

    mutating func send(_ request: SIPRequest) -> RequestLabel {
        let label = supply.label()
        effects.append(.send(.request(label, request)))
        return label
    }

    mutating func acknowledge(_ request: SIPRequest) {
        effects.append(.send(.acknowledge(request)))
    }

    mutating func cancel(_ label: RequestLabel, _ request: SIPRequest) {
        effects.append(.send(.cancel(label, request)))
    }

    mutating func respond(_ id: RequestID, _ response: SIPResponse) {
        effects.append(.send(.respond(id, response)))
    }

    mutating func set(_ timer: InviteSession.Timer, in delay: Duration) {
        effects.append(.set(timer, at: now + delay))
    }

    mutating func cancel(_ timer: InviteSession.Timer) {
        effects.append(.cancel(timer))
    }

    mutating func ignore(_ why: StaticString) {
        effects.append(.ignore(why))
    }

    /// Ends the session; the first word counts.
    mutating func end(_ ending: Ending) {
        if self.ending == nil { self.ending = ending }
    }

    /// A refusal that asks to try again soon (RFC 3261 section 14.2, RFC 3311 section 5.2).
    mutating func retryAfter() -> SIPHeaders {
        [.retryAfter: "\(supply.draw(0...10))"]
    }
}
