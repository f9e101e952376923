import Octets

/// IANA's registry of SIP header fields, and how a name on the wire is found in it without allocating.
enum SIPHeaderRegistry {
    /// Stands for every name that is not in the registry.
    static let unknown: UInt8 = 255

    /// The canonical spellings; the place is the code.
    static let names: [String] = [
        "Accept", "Accept-Contact", "Accept-Encoding", "Accept-Language", "Accept-Resource-Priority",
        "Additional-Identity", "Alert-Info", "Allow", "Allow-Events", "Answer-Mode", "Attestation-Info",
        "Authentication-Info", "Authorization", "Call-ID", "Call-Info", "Cellular-Network-Info", "Contact",
        "Content-Disposition", "Content-Encoding", "Content-ID", "Content-Language", "Content-Length",
        "Content-Type",
        "CSeq", "Date", "DC-Info", "Encryption", "Error-Info", "Event", "Expires", "Feature-Caps",
        "Flow-Timer", "From",
        "Geolocation", "Geolocation-Error", "Geolocation-Routing", "Hide", "History-Info", "Identity",
        "Identity-Info",
        "Info-Package", "In-Reply-To", "Join", "Max-Breadth", "Max-Forwards", "MIME-Version", "Min-Expires",
        "Min-SE",
        "Organization", "Origination-Id", "P-Access-Network-Info", "P-Answer-State", "P-Asserted-Identity",
        "P-Asserted-Service", "P-Associated-URI", "P-Called-Party-ID", "P-Charge-Info",
        "P-Charging-Function-Addresses",
        "P-Charging-Vector", "P-DCS-Billing-Info", "P-DCS-LAES", "P-DCS-OSPS", "P-DCS-Redirect",
        "P-DCS-Trace-Party-ID",
        "P-Early-Media", "P-Media-Authorization", "P-Preferred-Identity", "P-Preferred-Service",
        "P-Private-Network-Indication", "P-Profile-Key", "P-Refused-URI-List", "P-Served-User",
        "P-User-Database",
        "P-Visited-Network-ID", "Path", "Permission-Missing", "Policy-Contact", "Policy-ID", "Priority",
        "Priority-Share", "Priority-Verstat", "Priv-Answer-Mode", "Privacy", "Proxy-Authenticate",
        "Proxy-Authentication-Info", "Proxy-Authorization", "Proxy-Require", "RAck", "Reason", "Record-Route",
        "Recv-Info", "Refer-Events-At", "Refer-Sub", "Refer-To", "Referred-By", "Reject-Contact",
        "Relayed-Charge",
        "Replaces", "Reply-To", "Request-Disposition", "Require", "Resource-Priority", "Resource-Share",
        "Response-Key", "Response-Source", "Restoration-Info", "Retry-After", "Route", "RSeq",
        "Security-Client",
        "Security-Server", "Security-Verify", "Server", "Service-Interact-Info", "Service-Route",
        "Session-Expires",
        "Session-ID", "SIP-ETag", "SIP-If-Match", "Subject", "Subscription-State", "Supported",
        "Suppress-If-Match",
        "Target-Dialog", "Timestamp", "To", "Trigger-Consent", "Unsupported", "User-Agent", "User-to-User",
        "Via",
        "Warning", "WWW-Authenticate",
        // Not in the registry, but common on the wire.
        "Diversion", "Remote-Party-ID",
    ]

    /// The compact forms (IANA; RFC 3261, 3265, 3515, 3841, 3892, 4028, 8224).
    static let compact: [(letter: String, name: String)] = [
        ("a", "Accept-Contact"), ("b", "Referred-By"), ("c", "Content-Type"), ("d", "Request-Disposition"),
        ("e", "Content-Encoding"), ("f", "From"), ("i", "Call-ID"), ("j", "Reject-Contact"),
        ("k", "Supported"),
        ("l", "Content-Length"), ("m", "Contact"), ("n", "Identity-Info"), ("o", "Event"), ("r", "Refer-To"),
        ("s", "Subject"), ("t", "To"), ("u", "Allow-Events"), ("v", "Via"), ("x", "Session-Expires"),
        ("y", "Identity"),
    ]

    /// The code of a name in any case or its compact form.
    static func code(of token: Span<UInt8>) -> UInt8 {
        guard let key = PackedName(token) else { return unknown }
        return table.code(of: key)
    }

    private static let table = Table()

    /// A name of at most 32 octets in small letters, as four numbers.
    ///
    /// Setting the bit 0x20 of every octet makes letters small and leaves digits and hyphens alone; among the octets of
    /// tokens none but a letter becomes a letter, so that no other name can be mistaken for a registered one.
    private struct PackedName: Hashable {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

        init?(_ token: Span<UInt8>) {
            guard token.count <= 32 else { return nil }
            words.0 = Self.word(token, 0)
            guard token.count > 8 else { return }
            words.1 = Self.word(token, 8)
            guard token.count > 16 else { return }
            words.2 = Self.word(token, 16)
            words.3 = Self.word(token, 24)
        }

        private static func word(_ token: Span<UInt8>, _ start: Int) -> UInt64 {
            var word: UInt64 = 0
            var index = start
            let end = min(start + 8, token.count)
            while index < end {
                word = word &<< 8 | UInt64(token[index] | 0x20)
                index += 1
            }
            return word
        }

        static func == (left: PackedName, right: PackedName) -> Bool { left.words == right.words }

        func hash(into hasher: inout Hasher) {
            hasher.combine(slot)
        }

        /// A number below 1,024.
        var slot: Int {
            let mixed =
                (words.0 &* 0x9E37_79B9_7F4A_7C15) ^ (words.1 &* 0xC2B2_AE3D_27D4_EB4F)
                ^ (words.2 &* 0x1656_67B1_9E37_79F9) ^ words.3
            return Int(truncatingIfNeeded: (mixed &* 0x9E37_79B9_7F4A_7C15) >> 54)
        }
    }

    /// Open addressing over 1,024 slots, a quarter of them at most in use.
    private struct Table: Sendable {
        private var codes = [UInt8](repeating: unknown, count: 1024)
        private var keys = [PackedName?](repeating: nil, count: 1024)

        init() {
            for (code, name) in names.enumerated() { insert(name, UInt8(code)) }
            for (letter, name) in compact {
                if let code = names.firstIndex(of: name) { insert(letter, UInt8(code)) }
            }
        }

        private mutating func insert(_ name: String, _ code: UInt8) {
            guard let key = PackedName(name.utf8.span) else { return }
            var slot = key.slot
            while codes[slot] != unknown { slot = (slot + 1) & 1023 }
            codes[slot] = code
            keys[slot] = key
        }

        func code(of key: PackedName) -> UInt8 {
            var slot = key.slot
            while codes[slot] != unknown {
                if keys[slot] == key { return codes[slot] }
                slot = (slot + 1) & 1023
            }
            return unknown
        }
    }
}
