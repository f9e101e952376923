import Addressing
import BusContract
import InstantMessaging
import MachineKit
import SIPGrammar
import TestKit
import TranslatorKit
import XMPPGrammar

/// Juliet, who is on XMPP, Romeo, who is on SIP, and what the translator says between them.
struct Scene {
    static let key = ConversationKey(
        between: .init(user: "juliet", host: "example.com"),
        and: .init(user: "romeo", host: "example.net")
    )
    /// 2026-01-01 00:00:00 UTC.
    static let dawn = WallTime(milliseconds: 1_767_225_600_000)

    let translator: InstantMessaging
    private(set) var lab: Lab<PageConversation>
    /// What left and has no outcome yet, in order.
    private(set) var underWay: [Delivery] = []
    private(set) var arrivals: UInt64 = 0

    init(_ change: (inout MessagingConfiguration) -> Void = { _ in }) {
        var configuration = MessagingConfiguration(gatewayDomain: "gw.example", sipDomains: ["example.net"])
        change(&configuration)
        translator = InstantMessaging(configuration)
        lab = Lab(translator.conversation(Self.key))
    }

    var isOver: Bool { translator.isOver(lab.subject) }

    /// The id of the last delivery that arrived.
    var last: DeliveryID { DeliveryID(high: 7, low: arrivals) }

    /// A MESSAGE arrives.
    mutating func sip(
        _ request: SIPRequest = .romeo("Hark"),
        as identity: String? = nil,
        name: String? = nil,
        patience: Duration = .seconds(30)
    ) -> [Action] {
        let from = identity.flatMap { SIPURI($0) } ?? (try? request.headers.from())?.uri.sip
        let arrival = SIPArrival(
            request: request,
            identity: from ?? SIPURI(host: .name("unknown.invalid")),
            displayName: name,
            at: time,
            source: "udp:192.0.2.1:5060"
        )
        return arrive(.sipArrival(arrival), patience)
    }

    /// A stanza arrives.
    mutating func xmpp(
        _ stanza: Element = .juliet("Hark"),
        patience: Duration = .seconds(40)
    ) -> [Action] {
        let domain = stanza["from"].flatMap { try? JID($0) }?.domain ?? ""
        return arrive(.stanzaArrival(StanzaArrival(stanza: stanza, domain: domain, at: time)), patience)
    }

    mutating func arrive(_ payload: Payload, _ patience: Duration = .seconds(30)) -> [Action] {
        arrivals += 1
        return play(
            .delivery(Delivery(id: last, key: Self.key, patience: patience, trace: "t", payload: payload))
        )
    }

    /// Of what is under way, what was sent first has come to its end, or what stands at a place.
    mutating func outcome(_ outcome: Outcome, at place: Int = 0) -> [Action] {
        guard underWay.indices.contains(place) else { return [] }
        return play(.outcome(of: underWay.remove(at: place).id, outcome))
    }

    /// The SIP side answers the request that is under way.
    mutating func respond(_ status: Int, _ headers: SIPHeaders = SIPHeaders()) -> [Action] {
        outcome(.ok(.sipResponse(SIPResponse(status, headers: headers))))
    }

    /// The next hop has no way to carry so much.
    mutating func tooLarge(room: Int?) -> [Action] {
        outcome(.failed(Failure(.tooLarge, "too large", room: room)))
    }

    mutating func play(_ stimulus: Stimulus) -> [Action] {
        noting(lab.play(stimulus))
    }

    mutating func wait(_ duration: Duration) -> [Lab<PageConversation>.Sent] {
        let sent = lab.wait(duration)
        _ = noting(sent.map(\.output))
        return sent
    }

    private var time: WallTime {
        WallTime(milliseconds: Self.dawn.milliseconds + lab.now.nanoseconds / 1_000_000)
    }

    private mutating func noting(_ actions: [Action]) -> [Action] {
        for case .deliver(let delivery, to: _) in actions { underWay.append(delivery) }
        return actions
    }
}

extension Scene {
    /// Lets the oldest of what is under way end well.
    mutating func settle() {
        _ = outcome(.ok(nil))
    }
}
