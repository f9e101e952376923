package import SIPTransport

/// A block of addresses: `127.0.0.0/8`, `2001:db8::/32`, or a single one.
package struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
    private let address: IPAddress
    /// How many of the 128 bits must be equal; IPv4 addresses are mapped.
    private let length: Int

    /// 127.0.0.0/8 and ::1.
    package static let loopback = ["127.0.0.0/8", "::1/128"].compactMap { IPNetwork($0) }

    /// Reads `ADDRESS/LENGTH` or `ADDRESS`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return nil }
        let most = address.isIPv4 ? 32 : 128
        var bits = most
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let given = Int(parts[1]),
                given <= most
            else {
                return nil
            }
            bits = given
        }
        self.address = address
        length = bits + 128 - most
    }

    package func contains(_ other: IPAddress) -> Bool {
        let high = Self.mask(length)
        let low = Self.mask(length - 64)
        return (address.high ^ other.high) & high == 0 && (address.low ^ other.low) & low == 0
    }

    package var description: String {
        "\(address)/\(address.isIPv4 ? length - 96 : length)"
    }

    private static func mask(_ bits: Int) -> UInt64 {
        bits >= 64 ? .max : bits <= 0 ? 0 : ~(.max >> UInt64(bits))
    }
}
