import BusContract
import MachineKit
import SIPDialogs
import SIPGrammar
import TranslatorKit

/// One call of the agent.
struct AgentConversation: Machine, Codable {
    typealias Input = Stimulus
    typealias Output = Action

    enum Timer: Hashable, Sendable, Codable {
        case leg(InviteSession.Timer)
        /// The next thing that its behaviour does.
        case step
    }

    private static let pause = Duration.milliseconds(300)

    private let key: String
    private var behaviour = Behaviour.answer
    private var leg: SIPLeg?
    private var isEstablished = false
    private var versions = 0

    init(_ key: String) {
        self.key = key
    }

    var isOver: Bool { leg?.session.isOver ?? true }
    var isCalling: Bool { leg.map { !$0.session.hasEnded } ?? false }

    mutating func handle(_ input: Stimulus, at now: Moment) -> Effects {
        if leg?.concerns(input) == true, let turn = leg?.take(input, at: now) { return obey(turn, now) }
        switch input {
        case .delivery(let delivery): return begin(delivery, now)
        case .outcome: return [.ignore("an outcome of nothing that matters")]
        case .resumed:
            Journal.note("resumed", key)
            return []
        }
    }

    mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch timer {
        case .leg(let timer):
            guard let turn = leg?.fired(timer, at: now) else { return [] }
            return obey(turn, now)
        case .step: return step(now)
        }
    }

    private mutating func begin(_ delivery: Delivery, _ now: Moment) -> Effects {
        guard leg?.session.hasEnded ?? true, case .sipArrival(let arrival) = delivery.payload else {
            return [.send(.reply(to: delivery.id, .ok(.sipAnswer(SIPAnswer(481)))))]
        }
        switch arrival.request.method {
        case .invite where arrival.request.headers[.to]?.contains("tag=") == false:
            return answer(delivery, arrival, now)
        case .refer: return call(delivery, arrival, now)
        case .ack: return [.send(.reply(to: delivery.id, .ok(nil)))]
        default: return [.send(.reply(to: delivery.id, .ok(.sipAnswer(SIPAnswer(481)))))]
        }
    }

    private mutating func answer(_ delivery: Delivery, _ arrival: SIPArrival, _ now: Moment) -> Effects {
        if case .sip(let uri) = arrival.request.uri {
            behaviour = uri.user.flatMap { Behaviour(rawValue: $0) } ?? .answer
        }
        let session = InviteSession(answeringAs: tag(delivery), contact: contact, seed: delivery.id.low)
        var leg = SIPLeg(answering: delivery, for: AgentTranslator.service, session)
        let turn = leg.take(.delivery(delivery), at: now)
        self.leg = leg
        return obey(turn, now)
    }

    /// Calls whom a REFER names.
    private mutating func call(_ delivery: Delivery, _ arrival: SIPArrival, _ now: Moment) -> Effects {
        guard let target = arrival.request.headers[.referTo].flatMap({ SIPNameAddress($0) }),
            let to = try? arrival.request.headers.to()
        else { return [.send(.reply(to: delivery.id, .ok(.sipAnswer(SIPAnswer(400)))))] }
        if case .sip(let uri) = arrival.request.uri {
            behaviour = uri.user.flatMap { Behaviour(rawValue: $0) } ?? .answer
        }
        let invitation = Invitation(
            callID: tag(delivery),
            localTag: tag(delivery),
            from: SIPNameAddress(uri: to.uri),
            to: SIPNameAddress(uri: target.uri),
            contact: contact
        )
        var leg = SIPLeg(
            because: delivery,
            of: AgentTranslator.service,
            InviteSession(invitation, seed: delivery.id.low)
        )
        let turn = leg.perform(.start(description), at: now)
        self.leg = leg
        let answer = SIPAnswer(202, headers: [.contact: contact.description])
        return [.send(.reply(to: delivery.id, .ok(.sipAnswer(answer))))] + obey(turn, now)
    }

    private mutating func obey(_ turn: SIPLeg.Turn, _ now: Moment) -> Effects {
        var effects: Effects = turn.effects(Timer.leg)
        for event in turn.events { effects += heed(event, now) }
        return effects
    }

    private mutating func heed(_ event: SessionEvent, _ now: Moment) -> Effects {
        Journal.note(event, key)
        switch event {
        case .invited: return invited(now)
        case .offered(_, let fork): return perform(.answer(description, fork: fork), now)
        case .offerWanted: return perform(.answer(description), now)
        case .established:
            isEstablished = true
            return [.set(.step, at: now + Self.pause)]
        case .request(let id, _): return perform(.respond(id, 200), now)
        case .referRequested(let id, _):
            return perform(.acceptReferral(id), now) + perform(.report(id, 200, "OK"), now)
        case .ended: return [.cancel(.step)]
        case .progress(180, fork: _) where behaviour == .giveup: return perform(.hangUp(), now)
        case .progress, .early, .forkEnded, .answered, .offerWithdrawn, .changeRefused, .response, .transfer:
            return []
        }
    }

    private mutating func invited(_ now: Moment) -> Effects {
        switch behaviour {
        case .busy: perform(.reject(486), now)
        case .ring: perform(.progress(180), now)
        case .reliable:
            perform(.progress(183, description, reliably: true), now) + [.set(.step, at: now + Self.pause)]
        case .answer, .update, .reinvite, .hangup, .giveup:
            perform(.progress(180), now) + [.set(.step, at: now + Self.pause)]
        }
    }

    private mutating func step(_ now: Moment) -> Effects {
        guard isEstablished else {
            // The answer may have gone with a reliable 183, where the caller takes those.
            return perform(.accept(leg?.session.isSettled == true ? nil : description), now)
        }
        switch behaviour {
        case .update: return perform(.change(description, promptly: true), now)
        case .reinvite: return perform(.change(description), now)
        case .hangup: return perform(.hangUp(), now)
        case .answer, .reliable, .ring, .busy, .giveup: return []
        }
    }

    private mutating func perform(_ command: SessionCommand, _ now: Moment) -> Effects {
        guard let turn = leg?.perform(command, at: now) else { return [] }
        return obey(turn, now)
    }

    private func tag(_ delivery: Delivery) -> String {
        let key = ConversationKey(key)
        return Mint(letter: AgentTranslator.letter, shard: key.shard)
            .identifier(leadingTo: key, String(delivery.id.low, radix: 16))
    }

    private var contact: SIPNameAddress {
        SIPNameAddress(SIPURI(.sip, user: "agent", host: .name(SIPContact.placeholder)))
    }

    /// Audio that nobody hears.
    private var description: SessionBody {
        mutating get {
            versions += 1
            let text = """
                v=0\r
                o=agent 1 \(versions) IN IP4 127.0.0.1\r
                s=-\r
                c=IN IP4 127.0.0.1\r
                t=0 0\r
                m=audio 9 RTP/AVP 0 101\r
                a=rtpmap:0 PCMU/8000\r
                a=rtpmap:101 telephone-event/8000\r

                """
            return SessionBody("application/sdp", Array(text.utf8))
        }
    }
}
