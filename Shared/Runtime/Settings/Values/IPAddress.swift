/// An IPv4 or IPv6 address.
package struct IPAddress: Hashable, Sendable {
    /// Four or sixteen octets, in network order; an IPv4-mapped address is kept as IPv4 (RFC 4291 2.5.5.2).
    package let octets: [UInt8]

    /// Reads an address as text: `192.0.2.1`, `2001:db8::1`, `::ffff:192.0.2.1`; no brackets, no zone.
    package init?(_ text: String) {
        guard let octets = text.utf8.contains(UInt8(ascii: ":")) ? Self.ipv6(text) : Self.ipv4(text) else {
            return nil
        }
        self.init(octets: octets)
    }

    /// An address of four or sixteen octets.
    package init?(octets: [UInt8]) {
        guard octets.count == 4 || octets.count == 16 else { return nil }
        let isMapped = octets.count == 16 && octets.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        self.octets = isMapped ? Array(octets.suffix(4)) : octets
    }

    package var isIPv4: Bool { octets.count == 4 }

    /// Whether this is `0.0.0.0` or `::`: every address of the host.
    package var isUnspecified: Bool { octets.allSatisfy { $0 == 0 } }

    private static func ipv4(_ text: String) -> [UInt8]? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var octets: [UInt8] = []
        for part in parts {
            // A leading zero would be octal to some and decimal to others.
            let isPlain =
                part.allSatisfy { (0x30...0x39).contains($0) } && (part.count == 1 || part.first != 0x30)
            guard (1...3).contains(part.count), isPlain, let octet = UInt8(Substring(part)) else {
                return nil
            }
            octets.append(octet)
        }
        return octets
    }

    private static func ipv6(_ text: String) -> [UInt8]? {
        guard let gap = text.firstRange(of: "::") else {
            return groups(text[...]).flatMap { $0.count == 16 ? $0 : nil }
        }
        guard let before = groups(text[..<gap.lowerBound], mayEndInIPv4: false),
            let after = groups(text[gap.upperBound...]),
            before.count + after.count <= 14
        else { return nil }
        return before + Array(repeating: 0, count: 16 - before.count - after.count) + after
    }

    /// Groups of up to four hexadecimal digits, the last perhaps an IPv4 address.
    private static func groups(_ text: Substring, mayEndInIPv4: Bool = true) -> [UInt8]? {
        if text.isEmpty { return [] }
        var octets: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, part.contains(".") {
                guard let last = ipv4(String(part)) else { return nil }
                octets += last
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.first != UInt8(ascii: "+"),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                octets += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return octets
    }
}
