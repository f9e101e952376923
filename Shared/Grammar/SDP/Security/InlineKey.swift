import Octets

/// A master key for SRTP with its salt, as the attribute itself holds it (RFC 4568 section 6.1 and 9.2).
public struct InlineKey: Hashable, Sendable {
    /// The key and then the salt.
    public var keyAndSalt: [UInt8]
    /// For how many packets, as it is spelt: `2^20` or a number.
    public var lifetime: String?
    public var mki: MasterKeyIdentifier?

    /// What says in each packet which of several keys it is under.
    public struct MasterKeyIdentifier: Hashable, Sendable {
        public var value: UInt64
        /// Octets that it takes in a packet.
        public var length: UInt8

        public init(value: UInt64, length: UInt8) {
            self.value = value
            self.length = length
        }
    }

    public init(_ keyAndSalt: [UInt8], lifetime: String? = nil, mki: MasterKeyIdentifier? = nil) {
        self.keyAndSalt = keyAndSalt
        self.lifetime = lifetime
        self.mki = mki
    }

    /// Reads a key of method `inline`.
    public init?(_ key: CryptoKey) {
        guard ASCII.equalIgnoringCase(key.method, "inline") else { return nil }
        let octets = key.information.utf8.span
        var cursor = Cursor(octets)
        guard let base64 = cursor.text(InlineKey.base64, octets), let decoded = Base64.decode(base64) else {
            return nil
        }
        keyAndSalt = decoded
        while cursor.take(UInt8(ascii: "|"), octets) {
            let start = cursor.at
            while let octet = cursor.peek(octets), octet != UInt8(ascii: "|") { cursor.at += 1 }
            guard readPart(octets, start..<cursor.at) else { return nil }
        }
        guard cursor.isAtEnd else { return nil }
    }

    /// The key as an attribute has it.
    public var key: CryptoKey {
        var parts = [Base64.encode(keyAndSalt)]
        if let lifetime { parts.append(lifetime) }
        if let mki { parts.append("\(mki.value):\(mki.length)") }
        return CryptoKey(method: "inline", information: parts.joined(separator: "|"))
    }

    /// A lifetime or a master key identifier, each at most once and in this order; the colon tells them apart.
    private mutating func readPart(_ octets: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var cursor = Cursor(range)
        guard mki == nil else { return false }
        if cursor.take(keyword: "2^", octets) {
            guard lifetime == nil, cursor.digits(0...UInt8(64), octets) != nil, cursor.isAtEnd else {
                return false
            }
            lifetime = String(repairing: octets.extracting(range))
            return true
        }
        guard let digits = cursor.run(.digit, octets) else { return false }
        guard cursor.take(UInt8(ascii: ":"), octets) else {
            guard lifetime == nil, cursor.isAtEnd else { return false }
            lifetime = String(repairing: octets.extracting(range))
            return true
        }
        guard let value = ASCII.decimal(octets.extracting(digits)),
            let length = cursor.digits(1...UInt8(128), octets), cursor.isAtEnd
        else { return false }
        mki = MasterKeyIdentifier(value: value, length: length)
        return true
    }

    private static let base64 = OctetSet.alphanumeric.union(OctetSet("+/="))
}
