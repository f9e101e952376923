import XMPPGrammar

/// What a body shows to its reader, whatever it came as (MAPPING 4.5).
struct PageContent: Hashable, Sendable {
    /// The text in full; never empty.
    var text: String
    /// The same with its markup.
    var markup: Markup = .none
    /// Where the content lies if the body was only its address (RFC 4483).
    var links: [String] = []
    /// What the CPIM wrapper said of the message, where there was one (RFC 3862).
    var subject: String?
    /// When it was written, by the CPIM wrapper; in milliseconds since 1970.
    var writtenAt: Int64?

    enum Markup: Hashable, Sendable {
        case none
        /// The sender's software knows markup, but there's none to pass on.
        case lost
        /// An `<html/>` element of XEP-0071.
        case xhtml(Element)
    }
}
