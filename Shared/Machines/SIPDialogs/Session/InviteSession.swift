public import MachineKit
public import SIPGrammar

// Conforms: RFC 3261 §13 (complete)
// Conforms: RFC 3261 §14 (complete)
// Conforms: RFC 3261 §15 (complete)
// Conforms: RFC 3262 (complete, but for offers of our own in a PRACK)
// Conforms: RFC 3311 (complete)
// Conforms: RFC 4028 (complete for user agents)
// Conforms: RFC 6337 §2 (complete)

/// One call leg: an INVITE session as its caller or its callee has it, above the transactions.
///
///       start / INVITE ┌──────┐ INVITE / invited
///           ┌──────────┤ idle ├──────────┐
///     ┌─────▼───┐      └──────┘     ┌────▼────┐ progress / 1xx; accept / 2xx, until ACK
///     │ calling ├──┐                │ talking ◄─┐ re-INVITE, UPDATE, PRACK, INFO, REFER … both ways
///     └──┬──────┘  │ 2xx / ACK      └─┬──┬──┬─┴─┘
///        │         └──────────────────►  │  │ hangUp, what cannot go on / BYE
///        │ 300–699, CANCEL               │  │    ┌─────────┐ response to BYE, BYE
///        │             BYE, CANCEL, reject  └────► leaving ├───────────────┐
///        │                               │       └─────────┘               │
///     ┌──▼───────────────────────────────▼─────────────────────────────────▼┐
///     │ ended: late 2xx are acknowledged and left, everything else is 481   │
///     └─────────────────────────────────────────────────────────────────────┘
///
/// It keeps offer and answer, reliable provisional responses, the repeats of a 2xx until its ACK, CANCEL, session timers
/// and referrals. Forks of a call that we make are dialogs of their own until the first is answered; the others are
/// acknowledged and left. What a description says is the owner's matter.
///
/// Of a transaction it knows nothing but responses: 100 after 200 ms, repeats of requests, the ACK of a failure and the
/// match of a CANCEL are below it. No identifiers are made here, and what has to look random is drawn from a seed.
///
/// Kinds of impossible: requests of another dialog are answered 481, those out of order 500; responses to nothing, ACKs
/// of nothing and commands that the state has no use for are ignored under a name; nothing here trusts the peer's order.
public struct InviteSession: Machine, Hashable, Codable {
    public enum Input: Hashable, Sendable {
        case command(SessionCommand)
        /// A request whose To tag is ours, or the INVITE that begins it all; ACK and CANCEL too.
        case request(RequestID, SIPRequest)
        /// A response to a request that was sent under this label; those of a CANCEL need not be told.
        case response(RequestLabel, SIPResponse)
        /// No response will come, for a reason that this status stands for (RFC 3261 section 8.1.3.1): 408 or 503.
        case failed(RequestLabel, Int)
    }

    public enum Output: Hashable, Sendable {
        /// Send a request in a transaction of its own; Via and Max-Forwards are still to be added.
        case request(RequestLabel, SIPRequest)
        /// Send the ACK of a 2xx, for which there is no transaction and no response.
        case acknowledge(SIPRequest)
        /// Send the CANCEL for the INVITE of this label, with the topmost Via of that.
        case cancel(RequestLabel, SIPRequest)
        /// Answer a request; the same response comes again until it is acknowledged, if it is to be.
        case respond(RequestID, SIPResponse)
        case event(SessionEvent)
    }

    public enum Timer: Hashable, Sendable, Codable {
        case repeatProvisional
        case provisionalUnacknowledged
        case repeatSuccess
        case successUnacknowledged
        /// 64·T1 after a CANCEL (RFC 3261 section 9.1).
        case cancelled
        /// The pause before a change is offered again (RFC 3261 section 14.1).
        case change
        /// An offer in an UPDATE or a PRACK has waited too long for its answer.
        case promptness
        /// Half the session interval (RFC 4028 section 7.2).
        case refresh
        /// The session interval is about to end (RFC 4028 section 10).
        case expiry
        /// No report on the referral of this number.
        case referral(UInt32)
        /// 64·T1 after the end, in which late answers of forks may come.
        case linger
    }

    enum Phase: Hashable, Sendable, Codable {
        case idle(Role)
        case calling(Calling)
        case talking(Leg)
        /// Until the BYE is answered.
        case leaving(Leg, bye: RequestLabel, SessionEnd)
        /// A dialog is remembered for what may come late.
        case ended(Leg?, isOver: Bool)
    }

    enum Role: Hashable, Sendable, Codable {
        case caller(Invitation)
        case callee(tag: String, contact: SIPNameAddress, firstNumber: UInt32)
    }

    var phase: Phase
    var supply: Supply
    /// The INVITE of a caller, once it is sent.
    var first: FirstInvite?

    /// A call that is to be made; it goes out with ``SessionCommand/start(_:)``.
    ///
    /// - Parameters:
    ///   - invitation: Who calls whom, and the identifiers to be used.
    ///   - settings: What we can do, and how patient we are.
    ///   - seed: What the random parts of pauses are drawn from.
    public init(_ invitation: Invitation, settings: SessionSettings = SessionSettings(), seed: UInt64) {
        phase = .idle(.caller(invitation))
        supply = Supply(settings: settings, seed: seed)
    }

    /// A call that is about to come; the INVITE is the first request that is given.
    ///
    /// - Parameters:
    ///   - tag: Our tag, in every response but those of 100.
    ///   - contact: Where requests of this dialog reach us.
    ///   - firstNumber: The number of our first request in the dialog.
    ///   - settings: What we can do, and how patient we are.
    ///   - seed: What the random parts of pauses and the first RSeq are drawn from.
    public init(
        answeringAs tag: String,
        contact: SIPNameAddress,
        firstNumber: UInt32 = 1,
        settings: SessionSettings = SessionSettings(),
        seed: UInt64
    ) {
        phase = .idle(.callee(tag: tag, contact: contact, firstNumber: firstNumber))
        supply = Supply(settings: settings, seed: seed)
    }

    public mutating func handle(_ input: Input, at now: Moment) -> Effects {
        var turn = Turn(now: now, supply: supply)
        switch input {
        case .command(let command): perform(command, &turn)
        case .request(let id, let request): arrive(id, request, &turn)
        case .response(let label, let response): receive(label, response, &turn)
        case .failed(let label, let status): receive(label, SIPResponse(status), &turn)
        }
        return finish(&turn)
    }

    public mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        var turn = Turn(now: now, supply: supply)
        fire(timer, &turn)
        return finish(&turn)
    }
}

extension InviteSession {
    /// Whether nothing is left to do or to remember.
    public var isOver: Bool {
        guard case .ended(_, isOver: true) = phase else { return false }
        return true
    }

    /// Whether the session has ended; what may come late is still answered.
    public var hasEnded: Bool {
        guard case .ended = phase else { return false }
        return true
    }

    /// The dialogs that there are: several only before a call that we make is answered.
    public var dialogs: [SIPDialog] {
        switch phase {
        case .idle: []
        case .calling(let calling): calling.legs.map(\.dialog)
        case .talking(let leg), .leaving(let leg, bye: _, _): [leg.dialog]
        case .ended(let leg, isOver: _): leg.map { [$0.dialog] } ?? []
        }
    }

    /// What Replaces may name (RFC 3891 section 3).
    public var replaceable: [ReplacesVerdict.Candidate] {
        switch phase {
        case .idle: []
        case .calling(let calling):
            calling.legs.map { ReplacesVerdict.Candidate($0.dialog.id, .calling) }
        case .talking(let leg):
            [ReplacesVerdict.Candidate(leg.dialog.id, leg.dialog.isConfirmed ? .confirmed : .called)]
        case .leaving(let leg, bye: _, _): [ReplacesVerdict.Candidate(leg.dialog.id, .ended)]
        case .ended(let leg, isOver: _): leg.map { [ReplacesVerdict.Candidate($0.dialog.id, .ended)] } ?? []
        }
    }

    /// The peer's Contact with its parameters, such as `isfocus`; nil while there is no one dialog.
    public var peerContact: SIPNameAddress? { leg?.peer.contact }

    /// Whether the peer's Allow lists a method.
    public func peerAllows(_ method: SIPMethod) -> Bool { leg?.peer.allows(method) ?? false }

    /// Whether no offer is outstanding, and an answer was given before.
    public var isSettled: Bool {
        guard let exchange = leg?.exchange else { return false }
        return exchange.isSettled && exchange.isFree
    }

    /// What we said in the last exchange of offer and answer that came to its end.
    public var localDescription: SessionBody? { leg?.exchange.ours }

    /// What the peer said in it.
    public var peerDescription: SessionBody? { leg?.exchange.theirs }

    private var leg: Leg? {
        guard case .talking(let leg) = phase else { return nil }
        return leg
    }
}
