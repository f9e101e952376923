import Octets

/// The digest of a file: `sha-1:72:24:5F:…` (RFC 5547 section 6 `hash-selector`).
public struct FileHash: Hashable, Sendable, CustomStringConvertible {
    /// In small letters, as IANA lists it.
    public var algorithm: String
    public var digest: [UInt8]

    public init(_ algorithm: String, _ digest: [UInt8]) {
        self.algorithm = ASCII.lowercased(algorithm)
        self.digest = digest
    }

    init?(_ octets: Span<UInt8>, _ cursor: inout Cursor) {
        guard let algorithm = cursor.text(SDPGrammar.token, octets), cursor.take(UInt8(ascii: ":"), octets),
            let digest = HexPairs.parse(octets, &cursor)
        else { return nil }
        self.init(algorithm, digest)
    }

    public var description: String { "\(algorithm):\(HexPairs.text(of: digest))" }
}
