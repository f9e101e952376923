import Octets

/// One attribute: `a=rtpmap:96 opus/48000/2`, or a flag, `a=sendonly` (RFC 8866 section 5.13).
public struct SDPAttribute: Hashable, Sendable, CustomStringConvertible {
    public var name: SDPAttributeName
    /// What stands behind the colon, as it came; nil for a flag.
    public var value: String?

    public init(_ name: SDPAttributeName, _ value: String? = nil) {
        self.name = name
        self.value = value
    }

    /// An attribute with a value of one of the types that this module knows.
    public init(_ value: some SDPAttributeValue) {
        let text = value.description
        self.init(type(of: value).attribute, text.isEmpty ? nil : text)
    }

    /// What stands behind `a=`.
    public var description: String {
        guard let value else { return name.text }
        return "\(name.text):\(value)"
    }

    /// Reads what stands behind `a=`; nil if that begins with no name.
    init?(_ octets: Span<UInt8>, _ range: Range<Int>) {
        var cursor = Cursor(range)
        guard let name = cursor.text(SDPGrammar.token, octets) else { return nil }
        self.name = SDPAttributeName(parsed: name)
        if cursor.take(UInt8(ascii: ":"), octets) {
            value = String(repairing: octets.extracting(cursor.at..<range.upperBound))
        } else {
            // COMPAT: blanks behind a flag, as descriptions written by hand (sipp scenarios) have them.
            guard cursor.isFinished(octets) else { return nil }
            value = nil
        }
    }

    func write(into octets: inout [UInt8]) {
        octets.begin(UInt8(ascii: "a"))
        octets.append(text: name.text)
        if let value {
            octets.append(UInt8(ascii: ":"))
            octets.append(value: value)
        }
        octets.endLine()
    }
}
