/// One address at which a domain's XMPP service may be.
struct Target: Hashable, Sendable {
    var address: String
    var port: Int
    var isDirectTLS: Bool
}
