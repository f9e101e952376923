import Addressing
import SIPGrammar

/// Where else a recipient may be found (RFC 3261 section 8.1.3.4; MAPPING 3.4).
struct Redirections: Hashable, Sendable {
    private static let mostHops = 5

    private var contacts: [SIPURI] = []
    private var hops = 0

    /// Takes note of where a redirection (300, 301 or 302) points to, the likeliest first; addresses that may not be followed are left
    /// out.
    mutating func add(_ response: SIPResponse, _ policy: MessagingPolicy) {
        let offered = ((try? response.headers.contacts()) ?? []).filter { contact in
            guard case .sip(let uri) = contact.uri, uri.scheme == .sip else { return false }
            guard let address = try? policy.addresses.jid(for: uri) else { return false }
            return policy.isOnSIP(address)
        }
        // A stable order: of equals the first stays first.
        let ranked = offered.enumerated().sorted { one, other in
            let (left, right) = (Self.preference(one.element), Self.preference(other.element))
            return left == right ? one.offset < other.offset : left > right
        }
        contacts = (ranked.compactMap { Self.address(of: $0.element) } + contacts)
        contacts.removeLast(max(0, contacts.count - Self.mostHops))
    }

    /// The next address to try; nil when all were tried, or enough.
    mutating func next() -> SIPURI? {
        guard hops < Self.mostHops, !contacts.isEmpty else { return nil }
        hops += 1
        return contacts.removeFirst()
    }

    private static func address(of contact: SIPNameAddress) -> SIPURI? {
        guard case .sip(var uri) = contact.uri else { return nil }
        // Header fields in a Contact would be written into the request: no stranger decides those.
        uri.headers = nil
        uri.parameters.remove("method")
        return uri
    }

    private static func preference(_ contact: SIPNameAddress) -> Double {
        contact.parameters.value("q").flatMap(Double.init) ?? 1
    }
}
