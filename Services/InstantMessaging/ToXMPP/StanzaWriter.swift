import Addressing
import Payloads
import XMPPGrammar

/// Writes a SIP user's message as a stanza (RFC 7572 table 2; MAPPING 4.2).
// Conforms: XEP-0071 1.5.4 (complete)
// Conforms: XEP-0172 1.1 (partial: in messages)
// Conforms: XEP-0203 2.0 (complete)
struct StanzaWriter: Sendable {
    let page: SIPPage
    /// The stanza's id, minted by the gateway.
    let id: String
    let thread: String
    let type: MessagingConfiguration.PagerType
    /// What names the sender; nil when the recipient has been told before.
    let nick: String?
    /// The message that this one replies to, if it is remembered.
    let repliesTo: Reply
    let gatewayDomain: String

    enum Reply: Hashable, Sendable {
        case nothing
        case message(id: String, author: JID)
    }

    var stanza: Element {
        var stanza = Element("message", Namespace.client)
        stanza["from"] = page.sender.description
        stanza["to"] = page.recipient.description
        stanza["id"] = id
        switch type {
        // Left out, which RFC 7572 section 5 has mean the same.
        case .normal: break
        case .chat: stanza["type"] = "chat"
        }
        stanza.language = page.language
        if let subject = page.subject { stanza.append(Element("subject", Namespace.client, text: subject)) }
        stanza.append(Element("body", Namespace.client, text: page.content.text))
        if !thread.isEmpty { stanza.append(Element("thread", Namespace.client, text: thread)) }
        if case .xhtml(let html) = page.content.markup { stanza.append(html) }
        if let nick = nick.flatMap(DisplayName.nick) { stanza.append(nick) }
        appendExtensions(to: &stanza)
        return stanza
    }

    /// Whether the stanza, escapes and all, is within a limit (RFC 6120 section 13.12; MAPPING 4.4).
    func fits(in limit: Int) -> Bool {
        // Most messages are so short that no escape could make them too long: they need not be written to see it.
        let texts = [
            page.content.text, page.subject ?? "", thread, nick ?? "", page.sender.description,
            page.recipient.description, gatewayDomain,
        ]
        let isPlain = page.content.markup == .none || page.content.markup == .lost
        let isSimple = isPlain && page.content.links.isEmpty && repliesTo == .nothing
        if isSimple, texts.reduce(0, { $0 + $1.utf8.count }) * 6 + 512 <= limit { return true }
        return stanza.octets(defaultNamespace: Namespace.client).count <= limit
    }

    private func appendExtensions(to stanza: inout Element) {
        if let since = page.delayedSince {
            var delay = Element("delay", Namespace.delay)
            delay["from"] = gatewayDomain
            delay["stamp"] = XMPPDateTime.print(since)
            stanza.append(delay)
        }
        for link in page.content.links {
            var oob = Element("x", Namespace.oob)
            oob.append(Element("url", Namespace.oob, text: link))
            stanza.append(oob)
        }
        if case .message(id: let id, author: let author) = repliesTo {
            var reply = Element("reply", ReplyNamespace.reply)
            reply["id"] = id
            reply["to"] = author.description
            stanza.append(reply)
        }
    }
}
