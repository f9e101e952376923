import XMPPGrammar

/// The one body of a stanza that SIP gets to see (MAPPING 4.5).
struct MessageBody: Hashable, Sendable {
    let text: String
    /// The body's own language, else the stanza's.
    let language: String?
    let markup: XMPPPage.Markup
    /// Whether it takes the place of an earlier one (XEP-0308).
    let isCorrection: Bool

    /// Chooses the body in the stanza's language, else the first.
    ///
    /// Nil when a stanza has neither a body nor the address of one.
    init?(of stanza: Element) {
        let bodies = stanza.all("body", Namespace.client)
        let body = bodies.first { ($0.language ?? stanza.language) == stanza.language } ?? bodies.first
        guard body != nil || stanza.contains("x", Namespace.oob) else { return nil }
        text = body?.text ?? ""
        language = (body?.language ?? stanza.language).flatMap(LanguageTag.checked)
        markup = stanza.first("html", Namespace.xhtmlIM).map { .xhtml($0) } ?? .none
        isCorrection = stanza.contains("replace", Namespace.messageCorrection)
    }
}
