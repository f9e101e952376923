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
        // product = token ["/" product-version], and whatever stands behind it.
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1)
            .map { String(decoding: $0, as: UTF8.self) }
        guard let name = parts.first else { return nil }
        self.name = name
        version = parts.count > 1 ? parts[1] : "unknown"
    }
}
