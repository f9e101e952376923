import Octets
import XMPPGrammar

/// JIDs as URIs (RFC 5122): `xmpp:romeo@example.net`.
enum XMPPURI {
    /// The JID that a URI names; nil for any other URI.
    ///
    /// Queries, and an account to use, are passed over.
    static func jid(_ uri: String) -> JID? {
        let octets = Array(uri.utf8)
        let scheme = Array("xmpp:".utf8)
        guard octets.prefix(scheme.count).map(ASCII.lowercased) == scheme else { return nil }
        var path = octets.dropFirst(scheme.count).prefix {
            $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
        }
        if path.starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")]) {
            guard let end = path.dropFirst(2).firstIndex(of: UInt8(ascii: "/")) else { return nil }
            path = path[(end + 1)...]
        }
        guard let decoded = PercentCoding.decode(Array(path)), let text = String(strictly: decoded.span)
        else {
            return nil
        }
        return try? JID(text)
    }

    /// Prints a JID as a URI.
    static func print(_ jid: JID) -> String {
        var text = "xmpp:"
        if let local = jid.local { text += PercentCoding.encode(Array(local.utf8), keeping: kept) + "@" }
        text += PercentCoding.encode(Array(jid.domain.utf8), keeping: kept.union(OctetSet("[:]")))
        if let resource = jid.resource {
            text += "/" + PercentCoding.encode(Array(resource.utf8), keeping: kept)
        }
        return text
    }

    /// Unreserved characters, and the delimiters that a node may have (RFC 5122 section 2.2).
    private static let kept = OctetSet.alphanumeric.union(OctetSet("-._~!$()*+,;="))
}
