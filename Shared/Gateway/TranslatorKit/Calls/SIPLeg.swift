public import BusContract
public import MachineKit
public import SIPDialogs
import SIPGrammar

/// One call leg of a conversation: an ``InviteSession``, and its way over the bus.
///
/// What arrives for the leg is given to ``take(_:at:)``, its timers to ``fired(_:at:)``; what each says to do is part of the
/// conversation's own effects. It is stored with the conversation: another owner goes on where this one stopped.
public struct SIPLeg: Hashable, Sendable, Codable {
    /// What comes of something that happened to a leg.
    public struct Turn: Hashable, Sendable {
        public var actions: [Action] = []
        public var timers: [TimerChange] = []
        public var events: [SessionEvent] = []

        public init() {}

        /// As effects of a conversation, whose timers contain those of its legs.
        public func effects<Timer>(_ timer: (InviteSession.Timer) -> Timer) -> [Effect<Action, Timer>] {
            actions.map { .send($0) }
                + timers.map { change in
                    switch change {
                    case .set(let name, at: let moment): .set(timer(name), at: moment)
                    case .cancel(let name): .cancel(timer(name))
                    }
                }
        }
    }

    public enum TimerChange: Hashable, Sendable {
        case set(InviteSession.Timer, at: Moment)
        case cancel(InviteSession.Timer)
    }

    private struct ArrivedInvite: Hashable, Sendable, Codable {
        var id: RequestID
        var edge: String
    }

    private struct Question: Hashable, Sendable, Codable {
        var id: StoredID
        var label: RequestLabel
    }

    private struct PendingResponse: Hashable, Sendable, Codable {
        var invite: StoredID
        var response: SIPResponse
    }

    private static let mostInvites = 8
    private static let mostQuestions = 64
    /// How long an edge may look for whom to ask.
    private static let patience = Duration.seconds(38)
    /// How long the edge that holds a transaction is waited for before another does what it can.
    private static let edgePatience = Duration.seconds(5)

    public private(set) var session: InviteSession
    private let key: String
    private let service: String
    /// What began the leg: ids of everything that it sends are made from it.
    private let origin: StoredID
    /// The latest INVITEs that arrived, and the edges that hold them.
    private var invites: [ArrivedInvite] = []
    /// Other requests that arrived and are owed a final response.
    private var owed: Set<RequestID> = []
    /// What was asked last and may be answered: an INVITE even after its answer, for a 2xx is repeated.
    private var asked: [Question] = []
    /// Responses that are on their way to the edge that has the transaction.
    private var responding: [StoredID: PendingResponse] = [:]
    private var count: UInt32 = 0

    /// A leg that answers an INVITE, which is the first thing to ``take(_:at:)``.
    public init(answering delivery: Delivery, for service: ServiceName, _ session: InviteSession) {
        self.init(session, delivery.id, delivery.key, service)
    }

    /// A leg that is to call, because of a delivery; it does so by ``SessionCommand/start(_:)``.
    public init(because delivery: Delivery, of service: ServiceName, _ session: InviteSession) {
        self.init(session, delivery.id.child("leg"), delivery.key, service)
    }

    private init(
        _ session: InviteSession,
        _ origin: DeliveryID,
        _ key: ConversationKey,
        _ service: ServiceName
    ) {
        self.session = session
        self.origin = StoredID(origin)
        self.key = key.text
        self.service = service.name
    }

    /// Has the session do something.
    public mutating func perform(_ command: SessionCommand, at now: Moment) -> Turn {
        obey(session.handle(.command(command), at: now))
    }

    public mutating func fired(_ timer: InviteSession.Timer, at now: Moment) -> Turn {
        obey(session.fired(timer, at: now))
    }

    /// Whether something that happened to the conversation concerns this leg.
    public func concerns(_ stimulus: Stimulus) -> Bool {
        switch stimulus {
        case .delivery(let delivery):
            switch delivery.payload {
            case .sipArrival(let arrival): concerns(arrival.request)
            case .sipProgress(let progress): label(of: progress.invite) != nil
            default: false
            }
        case .outcome(of: let id, _): label(of: id) != nil || responding[StoredID(id)] != nil
        case .resumed: false
        }
    }

    /// Takes what ``concerns(_:)`` it.
    public mutating func take(_ stimulus: Stimulus, at now: Moment) -> Turn {
        switch stimulus {
        case .delivery(let delivery): take(delivery, at: now)
        case .outcome(of: let id, let outcome): conclude(StoredID(id), outcome, at: now)
        case .resumed: Turn()
        }
    }

    private func label(of id: DeliveryID) -> RequestLabel? {
        asked.last { $0.id.id == id }?.label
    }

    private func concerns(_ request: SIPRequest) -> Bool {
        guard let head = try? request.mandatory() else { return false }
        if session.dialogs.isEmpty {
            // After a refusal another INVITE is another call, as after 422 (RFC 4028 section 7.3).
            if request.method == .invite { return !session.hasEnded }
            if request.method == .cancel { return true }
        }
        return session.dialogs.contains { $0.id.callID == head.callID && $0.id.localTag == head.to.tag }
            || request.method == .cancel && session.dialogs.contains { $0.id.callID == head.callID }
    }

    private mutating func take(_ delivery: Delivery, at now: Moment) -> Turn {
        let id = RequestID(delivery.id.description)
        switch delivery.payload {
        case .sipArrival(let arrival):
            var turn = Turn()
            switch arrival.request.method {
            case .invite:
                invites.append(ArrivedInvite(id: id, edge: (arrival.edge ?? .sipEdge).name))
                if invites.count > Self.mostInvites { invites.removeFirst() }
                turn.actions.append(.reply(to: delivery.id, .ok(nil)))
            case .ack, .cancel: turn.actions.append(.reply(to: delivery.id, .ok(nil)))
            default: owed.insert(id)
            }
            return turn + obey(session.handle(.request(id, arrival.request), at: now))
        case .sipProgress(let progress):
            var turn = Turn()
            turn.actions.append(.reply(to: delivery.id, .ok(nil)))
            guard let label = label(of: progress.invite) else { return turn }
            return turn + obey(session.handle(.response(label, progress.response), at: now))
        default:
            let failure = Failure(.unsupported, "no edge sends such a thing to a call")
            var turn = Turn()
            turn.actions.append(.reply(to: delivery.id, .failed(failure)))
            return turn
        }
    }

    private mutating func conclude(_ id: StoredID, _ outcome: Outcome, at now: Moment) -> Turn {
        if let response = responding.removeValue(forKey: id) { return responded(response, outcome) }
        guard let label = label(of: id.id) else { return Turn() }
        switch outcome {
        // The responses of an INVITE come as deliveries; an ACK has none.
        case .ok(nil): return Turn()
        case .ok(.sipResponse(let response)):
            asked.removeAll { $0.id == id }
            return obey(session.handle(.response(label, response), at: now))
        case .ok, .redirect, .busy:
            asked.removeAll { $0.id == id }
            return obey(session.handle(.failed(label, 503), at: now))
        case .failed(let failure):
            asked.removeAll { $0.id == id }
            return obey(session.handle(.failed(label, failure.sipStatus), at: now))
        }
    }

    /// An edge that has died cannot respond; any other can, to whom the request's Via names.
    private mutating func responded(_ pending: PendingResponse, _ outcome: Outcome) -> Turn {
        guard case .failed(let failure) = outcome, failure.reason == .deadline else { return Turn() }
        count += 1
        var turn = Turn()
        turn.actions.append(
            .deliver(
                delivery(
                    "astray \(count)",
                    .sipResponding(SIPResponding(to: pending.invite.id, pending.response)),
                    Self.edgePatience
                ),
                to: .sipEdge
            )
        )
        return turn
    }

    private mutating func obey(_ effects: InviteSession.Effects) -> Turn {
        var turn = Turn()
        for effect in effects {
            switch effect {
            case .send(let output): carryOut(output, &turn)
            case .set(let timer, at: let moment): turn.timers.append(.set(timer, at: moment))
            case .cancel(let timer): turn.timers.append(.cancel(timer))
            case .ignore: break
            }
        }
        return turn
    }

    private mutating func carryOut(_ output: InviteSession.Output, _ turn: inout Turn) {
        switch output {
        case .request(let label, let request):
            let isInvite = request.method == .invite
            let dispatch = SIPDispatch(
                request: request,
                allowsOversize: true,
                progressTo: isInvite ? ServiceName(service) : nil
            )
            let delivery = delivery("request \(label)", .sipDispatch(dispatch), Self.patience)
            asked.append(Question(id: StoredID(delivery.id), label: label))
            if asked.count > Self.mostQuestions { asked.removeFirst() }
            turn.actions.append(.deliver(delivery, to: .sipEdge))
        case .acknowledge(let request):
            count += 1
            let dispatch = SIPDispatch(request: request, allowsOversize: true)
            let delivery = delivery("ack \(count)", .sipDispatch(dispatch), Self.patience)
            turn.actions.append(.deliver(delivery, to: .sipEdge))
        case .cancel(let label, let request):
            let invite = origin.id.child("request \(label)")
            let dispatch = SIPDispatch(request: request, allowsOversize: true, cancels: invite)
            let delivery = delivery("cancel \(label)", .sipDispatch(dispatch), Self.patience)
            turn.actions.append(.deliver(delivery, to: .sipEdge))
        case .respond(let id, let response): respond(id, response, &turn)
        case .event(let event): turn.events.append(event)
        }
    }

    private mutating func respond(_ id: RequestID, _ response: SIPResponse, _ turn: inout Turn) {
        guard let request = DeliveryID(id.text) else { return }
        if let edge = invites.last(where: { $0.id == id })?.edge {
            count += 1
            let payload = SIPResponding(to: request, response)
            let delivery = delivery("response \(count)", .sipResponding(payload), Self.edgePatience)
            responding[StoredID(delivery.id)] = PendingResponse(invite: StoredID(request), response: response)
            turn.actions.append(.deliver(delivery, to: ServiceName(edge)))
        } else if response.status >= 200, owed.remove(id) != nil {
            turn.actions.append(.reply(to: request, .ok(.sipAnswer(SIPAnswer(response)))))
        }
    }

    private func delivery(_ label: String, _ payload: Payload, _ patience: Duration) -> Delivery {
        Delivery(id: origin.id.child(label), key: ConversationKey(key), patience: patience, payload: payload)
    }
}

extension SIPLeg.Turn {
    public static func + (one: SIPLeg.Turn, other: SIPLeg.Turn) -> SIPLeg.Turn {
        var turn = one
        turn.actions += other.actions
        turn.timers += other.timers
        turn.events += other.events
        return turn
    }
}

extension Failure {
    /// The response that a failure to send a request stands for (RFC 3261 section 8.1.3.1).
    fileprivate var sipStatus: Int {
        switch reason {
        case .timeout, .deadline: 408
        case .domainNotFound: 404
        case .forbidden: 403
        case .tooLarge: 513
        case .unreachable, .insecure, .overloaded, .unsupported, .malformed, .internal: 503
        }
    }
}
