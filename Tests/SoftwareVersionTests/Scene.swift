import BusContract
import MachineKit
import SIPGrammar
import SoftwareVersion
import TestKit
import TranslatorKit
import XMPPGrammar

/// Juliet, who is on XMPP and asks, Romeo, who is on SIP and is asked, and the translator between them.
struct Scene {
    static let key = ConversationKey(
        between: .init(user: "juliet", host: "example.com"),
        and: .init(user: "romeo", host: "example.net")
    )

    let translator = SoftwareVersion()
    private(set) var lab: Lab<VersionConversation>

    init() {
        lab = Lab(translator.conversation(Self.key))
    }

    var isOver: Bool { translator.isOver(lab.subject) }

    /// Juliet asks; says what the translator wants done.
    mutating func ask(_ number: UInt64 = 1, _ stanza: Element = .query()) -> [Action] {
        lab.play(.delivery(.asking(number, stanza)))
    }

    /// What she asked has come to its end.
    mutating func end(_ number: UInt64 = 1, _ outcome: Outcome) -> [Action] {
        lab.play(.outcome(of: DeliveryID(high: 0, low: number).child("options"), outcome))
    }

    mutating func resume() -> [Action] { lab.play(.resumed) }

    mutating func wait(_ duration: Duration) {
        _ = lab.wait(duration)
    }
}

extension Delivery {
    /// What xmpp-edge delivers when Juliet asks.
    static func asking(_ number: UInt64 = 1, _ stanza: Element = .query()) -> Delivery {
        Delivery(
            id: DeliveryID(high: 0, low: number),
            key: Scene.key,
            patience: .seconds(40),
            trace: "t",
            payload: .stanzaArrival(
                StanzaArrival(stanza: stanza, domain: "example.com", at: WallTime(milliseconds: 0))
            )
        )
    }
}

extension Element {
    /// Juliet's question, or one that differs in something.
    static func query(
        to: String? = "romeo@example.net",
        type: String = "get",
        of: String = "jabber:iq:version"
    )
        -> Element
    {
        var query = Element("iq", Namespace.client)
        query["type"] = type
        query["from"] = "juliet@example.com/balcony"
        query["to"] = to
        query["id"] = "v1"
        query.append(Element("query", of))
        return query
    }

    /// An element as it would be written.
    var printed: String { String(decoding: octets(), as: UTF8.self) }
}

extension Outcome {
    /// Romeo's user agent answers.
    static func response(_ status: Int, _ headers: SIPHeaders = [:]) -> Outcome {
        .ok(.sipResponse(SIPResponse(status, headers: headers)))
    }
}

extension [Action] {
    /// The one thing that is wanted, in a few words: what a table can hold.
    var summary: String {
        guard count == 1 else { return isEmpty ? "nothing" : "\(count) things" }
        switch self[0] {
        case .deliver(_, to: let service): return "asks \(service)"
        case .reply(to: _, .ok(.stanza(let stanza)?)):
            if let error = StanzaError(stanza) {
                return "error \(error.condition.rawValue) \(error.type.rawValue)"
            }
            let software = stanza.first("query")
            return "\(software?.first("name")?.text ?? "-") | \(software?.first("version")?.text ?? "-")"
        case .reply(to: _, .failed(let failure)): return "failed \(failure.reason.rawValue)"
        case .reply(to: _, .busy(let pause)): return "busy \(pause)"
        case .reply: return "another reply"
        }
    }
}
