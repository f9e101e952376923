import Octets

// Conforms: RFC 3966 §3 (complete)

/// A telephone number as a URI (RFC 3966): `tel:+1-201-555-0123;ext=5`.
public struct TelURI: Hashable, Sendable, CustomStringConvertible {
    /// The number as it is spelt, visual separators and all.
    public var number: String
    public var parameters: SIPParameters

    public init(number: String, parameters: SIPParameters = SIPParameters()) {
        self.number = number
        self.parameters = parameters
    }

    /// Whether the number is one of the world-wide plan; else its `phone-context` says where it means something.
    public var isGlobal: Bool { number.utf8.first == UInt8(ascii: "+") }

    /// The number without visual separators, which mean nothing (RFC 3966 section 5.1.1).
    public var digits: String {
        String(decoding: number.utf8.filter { !TelURI.separators.contains($0) }, as: UTF8.self)
    }

    /// Whether two numbers are the same (RFC 3966 section 4): separators, order and case do not count.
    public func isEquivalent(to other: TelURI) -> Bool {
        ASCII.equalIgnoringCase(digits, other.digits) && foldedParameters == other.foldedParameters
    }

    public var description: String {
        var octets: [UInt8] = []
        write(into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    public func write(into octets: inout [UInt8]) {
        octets.append(text: "tel:")
        octets.append(contentsOf: number.utf8.filter { TelURI.characters.contains($0) })
        parameters.writeURI(into: &octets)
    }

    private static let separators = OctetSet("-.()")
    private static let characters = OctetSet.hexadecimal.union(separators).union(OctetSet("+*#"))

    private var foldedParameters: Set<SIPParameter> {
        Set(parameters.elements.map { SIPParameter($0.name, $0.value.map { ASCII.lowercased($0) }) })
    }

    static func parse(_ octets: Span<UInt8>, _ scanner: inout Scanner) throws(SIPSyntaxError) -> TelURI {
        let range = try scanner.run(characters, octets)
        for index in range where octets[index] == UInt8(ascii: "+") && index > range.lowerBound {
            throw SIPSyntaxError(.value, offset: index)
        }
        guard range.contains(where: { !separators.contains(octets[$0]) && octets[$0] != UInt8(ascii: "+") })
        else {
            throw SIPSyntaxError(.value, offset: range.lowerBound)
        }
        let number = String(repairing: octets.extracting(range))
        let parameters = try SIPParameters.parseURI(octets, &scanner)
        guard scanner.isAtEnd else { throw scanner.failure() }
        return TelURI(number: number, parameters: parameters)
    }
}
