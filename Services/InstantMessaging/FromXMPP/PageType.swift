/// The types of message stanza that page mode carries (RFC 6121 section 5.2.2; MAPPING 4.1).
enum PageType: Hashable, Sendable {
    case normal
    case chat
    /// Nobody is told of its failure.
    case headline
}
