import SIPGrammar
import XMPPGrammar

/// A SIP user's message, read: what RFC 7572 table 2 takes from a MESSAGE request.
struct SIPPage: Hashable, Sendable {
    /// Where it came from; a full JID if the sender's URI was a GRUU.
    var sender: JID
    var recipient: JID
    /// The name that the sender goes by.
    var name: String?
    /// The sender as the SIP side spells it (MAPPING 1.8); nil if he hides.
    var spelling: SIPURI?
    var callID: String
    /// Names this request among all: Call-ID and CSeq.
    var identifier: String
    /// The Call-IDs that In-Reply-To lists.
    var referenced: [String]
    var subject: String?
    /// A language tag (RFC 5646).
    var language: String?
    /// When it was written, if that is more than a minute ago; in milliseconds since 1970.
    var delayedSince: Int64?
    var content: PageContent
}
