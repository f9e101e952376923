import BusContract
import InstantMessaging
import MachineKit
import SIPGrammar
import TestKit
import TranslatorKit
import XMPPGrammar

/// A SIP network, an XMPP network and the gateway between them, on which plays are given.
///
/// What is said is written as the standards print it; what is heard comes back printed.
struct Stage {
    private var lab: Lab<PageConversation>
    private let key: ConversationKey
    private var arrivals: UInt64 = 0
    private var underWay: [Delivery] = []

    init(xmpp: ConversationKey.Party, sip: ConversationKey.Party) {
        key = ConversationKey(between: xmpp, and: sip)
        let configuration = MessagingConfiguration(gatewayDomain: "gw.example", sipDomains: [sip.host])
        lab = Lab(InstantMessaging(configuration).conversation(key))
    }

    /// A SIP user agent sends a request, whose lines may end in LF alone; says what the XMPP side hears.
    mutating func sip(_ text: String) throws -> [String] {
        let octets = Array(
            text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8
        )
        guard case .request(let request) = try SIPMessage.parse(octets) else { throw Unplayable() }
        guard let identity = try request.headers.from().uri.sip else { throw Unplayable() }
        let arrival = SIPArrival(
            request: request,
            identity: identity,
            displayName: try request.headers.from().displayName,
            at: WallTime(milliseconds: 1_767_225_600_000),
            source: "tcp:192.0.2.1:5060"
        )
        return heard(arrive(.sipArrival(arrival)))
    }

    /// An XMPP server hands over a stanza; says what the SIP side hears.
    mutating func xmpp(_ stanza: Element) throws -> [String] {
        guard let sender = stanza["from"] else { throw Unplayable() }
        let arrival = StanzaArrival(
            stanza: stanza,
            domain: try JID(sender).domain,
            at: WallTime(milliseconds: 1_767_225_600_000)
        )
        return heard(arrive(.stanzaArrival(arrival)))
    }

    /// The SIP side answers what it last heard; says what the sender hears.
    mutating func answer(_ status: Int) -> [String] {
        end(.ok(.sipResponse(SIPResponse(status))))
    }

    /// What was last said to the XMPP side has left, and nothing comes back; says what the sender hears.
    mutating func silence() -> [String] {
        end(.ok(nil)) + heard(lab.wait(.seconds(1)).map(\.output))
    }

    private mutating func arrive(_ payload: Payload) -> [Action] {
        arrivals += 1
        let id = DeliveryID(high: 0, low: arrivals)
        return lab.play(.delivery(Delivery(id: id, key: key, patience: .seconds(40), payload: payload)))
    }

    private mutating func end(_ outcome: Outcome) -> [String] {
        guard !underWay.isEmpty else { return ["nothing is under way"] }
        return heard(lab.play(.outcome(of: underWay.removeFirst().id, outcome)))
    }

    private mutating func heard(_ actions: [Action]) -> [String] {
        actions.map { action in
            switch action {
            case .deliver(let delivery, to: _):
                underWay.append(delivery)
                return Self.print(delivery.payload)
            case .reply(to: _, .ok(let payload)): return payload.map(Self.print) ?? "done"
            case .reply(to: _, let outcome): return "\(outcome)"
            }
        }
    }

    private static func print(_ payload: Payload) -> String {
        switch payload {
        case .sipDispatch(let dispatch):
            let text = String(decoding: dispatch.request.octets, as: UTF8.self)
            return text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
        case .stanza(let stanza):
            return String(decoding: stanza.octets(defaultNamespace: Namespace.client), as: UTF8.self)
        case .sipAnswer(let answer):
            return "SIP/2.0 \(answer.status) \(answer.reason ?? SIPStatus.phrase(answer.status))"
        case .sipArrival, .sipResponse, .sipResponding, .sipProgress, .stanzaArrival, .opaque:
            return "\(payload)"
        }
    }
}

/// The text of a play is not what it claims to be.
struct Unplayable: Error {}
