import XMPPGrammar

/// An XMPP user's message, read: what RFC 7572 table 1 takes from a stanza.
struct XMPPPage: Hashable, Sendable {
    /// The device that it came from.
    var sender: JID
    var recipient: JID
    var type: PageType
    /// The stanza's id; empty when it has none.
    var id: String
    var thread: Thread
    var subject: String?
    /// The language of the text.
    var language: String?
    /// When it was written, if it was delayed; in milliseconds since 1970.
    var delayedSince: Int64?
    /// The name that the sender gives itself here.
    var nick: String?
    /// The id of the message that this one replies to (XEP-0461).
    var repliesTo: String?
    /// Everything that is to be read; never empty.
    var text: String
    var markup: Markup
    /// The stanza without its content: what an error is an answer to.
    var envelope: Element

    enum Thread: Hashable, Sendable {
        case none
        case named(String)
    }

    enum Markup: Hashable, Sendable {
        case none
        /// An `<html/>` element of XEP-0071.
        case xhtml(Element)
    }
}
