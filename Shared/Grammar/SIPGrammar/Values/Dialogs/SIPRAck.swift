import Octets

/// The value of RAck: which provisional response a PRACK acknowledges (RFC 3262 section 7.2): `776656 1 INVITE`.
public struct SIPRAck: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The RSeq of the response.
    public var response: UInt32
    /// The CSeq of the response.
    public var number: UInt32
    public var method: SIPMethod

    public init(response: UInt32, number: UInt32, method: SIPMethod = .invite) {
        self.response = response
        self.number = number
        self.method = method
    }

    /// Reads a whole text; nil if it is no such value.
    public init?(_ text: String) {
        let octets = text.utf8.span
        var scanner = Scanner(octets)
        guard let value = try? Self.parse(octets, &scanner) else { return nil }
        self = value
    }

    public var description: String { "\(response) \(number) \(method.name)" }

    private static func parse(
        _ octets: Span<UInt8>,
        _ scanner: inout Scanner
    ) throws(SIPSyntaxError) -> SIPRAck {
        scanner.skipBlanks(octets)
        let digits = try scanner.run(.digit, octets)
        guard let response = ASCII.decimal(octets.extracting(digits), limit: UInt64(UInt32.max)) else {
            throw scanner.failure(.range)
        }
        let cSeq = try SIPCSeq.parse(octets, &scanner)
        try scanner.finish(octets)
        return SIPRAck(response: UInt32(response), number: cSeq.number, method: cSeq.method)
    }
}
