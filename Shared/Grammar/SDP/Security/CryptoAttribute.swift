import Octets

/// Keys for SRTP (RFC 4568 section 9).
///
/// They are secrets: nothing of them may be logged.
///
/// `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^20|1:4`
public struct CryptoAttribute: SDPAttributeValue {
    /// What tells the attributes of an offer apart; an answer repeats it.
    public var tag: UInt32
    /// `AES_CM_128_HMAC_SHA1_80` or another.
    public var suite: String
    /// Each `method:information`; see ``InlineKey``.
    public var keys: [CryptoKey]
    /// `UNENCRYPTED_SRTCP`, `KDR=1` and the like.
    public var sessionParameters: [String]

    public init(_ tag: UInt32, _ suite: String, _ keys: [CryptoKey], sessionParameters: [String] = []) {
        self.tag = tag
        self.suite = suite
        self.keys = keys
        self.sessionParameters = sessionParameters
    }

    /// The keys that stand in the attribute itself; nil if one of them cannot be read.
    public var inlineKeys: [InlineKey]? {
        var read: [InlineKey] = []
        for key in keys {
            guard let inline = InlineKey(key) else { return nil }
            read.append(inline)
        }
        return read
    }

    public static let attribute = SDPAttributeName.crypto

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        guard let tag = cursor.number(0...UInt32(999_999_999), octets),
            let suite = cursor.word(of: CryptoAttribute.name, octets)
        else { return nil }
        self.init(tag, suite, [])
        cursor.skipBlanks(octets)
        repeat {
            guard let key = CryptoKey(octets, &cursor) else { return nil }
            keys.append(key)
        } while cursor.take(UInt8(ascii: ";"), octets)
        guard cursor.isAtBreak(octets) else { return nil }
        sessionParameters = cursor.words(octets)
    }

    public var description: String {
        let keys = keys.map(\.description).joined(separator: ";")
        return (["\(tag)", suite, keys] + sessionParameters).joined(separator: " ")
    }

    static let name = OctetSet.alphanumeric.union(OctetSet("_"))
}
