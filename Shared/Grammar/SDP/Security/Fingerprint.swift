import Octets

/// The digest of the certificate that a peer will show:
/// `a=fingerprint:SHA-256 12:DF:3E:5D:…` (RFC 8122 section 5).
public struct Fingerprint: SDPAttributeValue {
    /// The hash function in small letters, as IANA lists it: `sha-256`.
    public var hashFunction: String
    public var digest: [UInt8]

    public init(_ hashFunction: String, _ digest: [UInt8]) {
        self.hashFunction = ASCII.lowercased(hashFunction)
        self.digest = digest
    }

    public static let attribute = SDPAttributeName.fingerprint

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        guard let hashFunction = cursor.word(of: SDPGrammar.token, octets) else { return nil }
        cursor.skipBlanks(octets)
        guard let digest = HexPairs.parse(octets, &cursor), cursor.isFinished(octets) else { return nil }
        self.init(hashFunction, digest)
    }

    public var description: String { "\(hashFunction) \(HexPairs.text(of: digest))" }
}
