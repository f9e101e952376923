import Octets

/// The value of CSeq: the place of a request in its dialog, and its method (RFC 3261 section 20.16).
public struct SIPCSeq: Hashable, Sendable, CustomStringConvertible {
    public var number: UInt32
    public var method: SIPMethod

    public init(_ number: UInt32, _ method: SIPMethod) {
        self.number = number
        self.method = method
    }

    public var description: String { "\(number) \(method.name)" }

    static func parse(_ octets: Span<UInt8>, _ scanner: inout Scanner) throws(SIPSyntaxError) -> SIPCSeq {
        scanner.skipBlanks(octets)
        let digits = try scanner.run(.digit, octets)
        guard let number = ASCII.decimal(octets.extracting(digits), limit: UInt64(UInt32.max)) else {
            throw SIPSyntaxError(.range, offset: digits.lowerBound)
        }
        let gap = scanner.at
        scanner.skipBlanks(octets)
        guard scanner.at > gap else { throw scanner.failure() }
        return SIPCSeq(UInt32(number), SIPMethod(parsed: try scanner.text(Grammar.token, octets)))
    }
}
