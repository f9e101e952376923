/// A network: an address and how many of its leading bits count (RFC 4632, RFC 4291 2.3), as in `192.0.2.0/24`.
package struct CIDR: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    package let bits: Int
    /// As it was written.
    package let description: String

    /// Reads a network, or a single address without a slash.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(Self.unbracketed(parts[0])) else { return nil }
        let width = address.octets.count * 8
        var bits = width
        if parts.count == 2 {
            let isNumber = !parts[1].isEmpty && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard isNumber, let given = Int(parts[1]), given <= width else { return nil }
            bits = given
        }
        self.address = address
        self.bits = bits
        description = text
    }

    /// Whether the address lies in the network; an IPv4-mapped address counts as IPv4.
    package func contains(_ other: IPAddress) -> Bool {
        guard other.octets.count == address.octets.count else { return false }
        let (whole, rest) = bits.quotientAndRemainder(dividingBy: 8)
        guard address.octets[..<whole] == other.octets[..<whole] else { return false }
        return rest == 0 || (address.octets[whole] ^ other.octets[whole]) >> (8 - rest) == 0
    }

    /// Whether the text is an address in the network.
    package func contains(_ text: String) -> Bool {
        IPAddress(text).map { contains($0) } ?? false
    }

    private static func unbracketed(_ text: Substring) -> String {
        text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : String(text)
    }
}
