import SIPGrammar
import XMPPGrammar

/// What a SIP user agent says that it is (RFC 3261 sections 20.35 and 20.41).
struct Software: Sendable {
    /// A header field may be as long as a message; nobody reads more than this.
    private static let longest = 256

    let name: String
    let version: String

    /// Nil: the response does not say, or is not the user agent's own.
    init?(_ response: SIPResponse) {
        // COMPAT: Linphone 5: User-Agent, a header field of requests, stands in responses instead of Server.
        guard 200..<300 ~= response.status,
            let field = response.headers[.server] ?? response.headers[.userAgent]
        else { return nil }
        let text = XMLText.clean(String(field.unicodeScalars.prefix(Self.longest)))
        // product = token ["/" product-version], and whatever stands behind it; a slash in a comment divides nothing.
        let comment = text.utf8.firstIndex(of: UInt8(ascii: "(")) ?? text.utf8.endIndex
        let slash = text.utf8[..<comment].firstIndex(of: UInt8(ascii: "/"))
        let parts = slash.map { [text[..<$0], text[text.utf8.index(after: $0)...]] } ?? [text[...]]
        guard let name = parts.first, !name.isEmpty else { return nil }
        self.name = String(name)
        version = parts.count > 1 ? String(parts[1]) : "unknown"
    }
}
