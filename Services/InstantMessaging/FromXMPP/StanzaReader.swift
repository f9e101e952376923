import Addressing
import BusContract
import Payloads
import XMPPGrammar

/// Reads message stanzas (RFC 7572 section 4; MAPPING 4.1, 4.2 and 4.3, steps 1 and 2).
// Conforms: XEP-0066 1.5 (partial: one way, as a line of text)
// Conforms: XEP-0308 1.2.1 (partial: the new text with a prefix)
// Conforms: XEP-0461 0.2.1 (complete)
struct StanzaReader: Sendable {
    let rules: PageRules

    func read(_ stanza: Element) throws(StanzaRefusal) -> StanzaReading {
        guard let from = stanza["from"], let sender = try? JID(from) else { throw .unanswerable }
        // RFC 6120 section 8.3.1: an error is never answered with an error.
        if stanza["type"] == "error" {
            let error = StanzaError(stanza) ?? StanzaError(.undefinedCondition)
            return .bounce(id: stanza["id"] ?? "", from: sender, error)
        }
        let type = try type(of: stanza)
        do throws(StanzaError) {
            return try read(stanza, type, from: sender)
        } catch {
            throw type == .headline ? .silent : .error(error)
        }
    }

    private func type(of stanza: Element) throws(StanzaRefusal) -> PageType {
        switch stanza["type"] {
        case "chat"?: return .chat
        case "headline"?: return .headline
        // Only to a room that the sender is in (XEP-0045 section 7.4), and page mode has none.
        case "groupchat"?:
            throw .error(error(.badRequest, "groupchat messages go to rooms", of: stanza))
        // RFC 6121 section 5.2.2: what is not understood is normal.
        default: return .normal
        }
    }

    private func read(
        _ stanza: Element,
        _ type: PageType,
        from sender: JID
    ) throws(StanzaError) -> StanzaReading {
        let recipient = try recipient(of: stanza, from: sender)
        if EncryptedPayload.isPresent(in: stanza) {
            throw error(.notAcceptable, "encrypted messages cannot cross to SIP", of: stanza)
        }
        guard let body = MessageBody(of: stanza), let text = Self.text(of: stanza, body, rules.configuration)
        else { return .nothing }
        guard !Anonymity.isAnonymous(recipient, at: rules.configuration.gatewayDomain) else {
            throw Anonymity.unreachable(by: recipient.domain)
        }
        guard recipient.local != nil else {
            throw error(.itemNotFound, "a domain reads no messages", of: stanza)
        }
        return .page(
            XMPPPage(
                sender: sender,
                recipient: recipient,
                type: type,
                id: stanza["id"] ?? "",
                thread: Self.thread(of: stanza),
                subject: Self.subject(of: stanza, in: body.language),
                language: body.language,
                delayedSince: stanza.first("delay", Namespace.delay)?["stamp"].flatMap(XMPPDateTime.parse),
                nick: DisplayName.from(stanza),
                repliesTo: stanza.first("reply", ReplyNamespace.reply)?["id"],
                text: text,
                // Markup says what the text says, or it is no use.
                markup: text.utf8.elementsEqual(body.text.utf8) ? body.markup : .none,
                envelope: Element("message", stanza.namespace, attributes: stanza.attributes)
            )
        )
    }

    private func recipient(of stanza: Element, from sender: JID) throws(StanzaError) -> JID {
        guard let to = stanza["to"], let recipient = try? JID(to) else {
            throw error(.jidMalformed, "the address is none", of: stanza)
        }
        guard rules.policy.mayCross(fromXMPP: sender, to: recipient) else {
            throw error(.notAllowed, "neither side is a user of this gateway", of: stanza)
        }
        return recipient
    }

    /// The body and what must be added to it; nil when there is nothing to read.
    private static func text(
        of stanza: Element,
        _ body: MessageBody,
        _ configuration: MessagingConfiguration
    ) -> String? {
        var text = body.text
        let urls = stanza.all("x", Namespace.oob).compactMap { $0.first("url")?.text }
        // A client that sends an address as its text often names it here once more.
        for url in urls where !url.isEmpty && !text.utf8.elementsEqual(url.utf8) {
            text += text.isEmpty ? url : "\n\(url)"
        }
        guard !text.isEmpty else { return nil }
        return body.isCorrection ? configuration.correctionPrefix + text : text
    }

    private static func thread(of stanza: Element) -> XMPPPage.Thread {
        guard let thread = stanza.first("thread", Namespace.client)?.text, !thread.isEmpty else {
            return .none
        }
        return .named(thread)
    }

    /// The subject in the body's language, in one line.
    private static func subject(of stanza: Element, in language: String?) -> String? {
        let subjects = stanza.all("subject", Namespace.client)
        let matching = subjects.first { ($0.language ?? stanza.language) == language } ?? subjects.first
        let line = PlainText.line(matching?.text ?? "")
        return line.isEmpty ? nil : line
    }

    private func error(_ condition: StanzaErrorCondition, _ text: String, of stanza: Element) -> StanzaError {
        let domain = stanza["to"].flatMap { try? JID($0) }?.domain ?? rules.configuration.gatewayDomain
        return StanzaError(condition, text: text, language: "en", by: domain)
    }
}
