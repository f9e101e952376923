import Octets

/// The parameters of a format: `a=fmtp:111 minptime=10;useinbandfec=1`, `a=fmtp:101 0-15` (RFC 8866 section 6.15).
public struct FormatParameters: SDPAttributeValue {
    /// The format as the `m=` line has it: a payload type for RTP.
    public var format: String
    /// What stands behind the format, as it came: a format may have a grammar of its own.
    public var text: String

    public init(_ format: String, _ text: String) {
        self.format = format
        self.text = text
    }

    public init(_ format: String, _ parameters: [FormatParameter]) {
        self.init(format, parameters.map(\.description).joined(separator: ";"))
    }

    /// The parameters between semicolons, which is how nearly all formats have them (RFC 4855 section 3).
    public var parameters: [FormatParameter] {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        var parameters: [FormatParameter] = []
        while !cursor.isAtEnd {
            cursor.skipBlanks(octets)
            let start = cursor.at
            while let octet = cursor.peek(octets), octet != UInt8(ascii: ";") { cursor.at += 1 }
            var part = Cursor(start..<cursor.at)
            if let parameter = FormatParameters.parameter(octets, &part) { parameters.append(parameter) }
            _ = cursor.take(UInt8(ascii: ";"), octets)
        }
        return parameters
    }

    /// The value of a parameter, whose name has no case.
    public func value(_ name: String) -> String? {
        parameters.first { ASCII.equalIgnoringCase($0.name, name) }?.value
    }

    private static func parameter(_ octets: Span<UInt8>, _ cursor: inout Cursor) -> FormatParameter? {
        let range = cursor.at..<cursor.end
        guard let equals = range.first(where: { octets[$0] == UInt8(ascii: "=") }) else {
            return cursor.rest(octets).map { FormatParameter($0) }
        }
        var name = Cursor(range.lowerBound..<equals)
        var value = Cursor(equals + 1..<range.upperBound)
        guard let key = name.rest(octets) else { return nil }
        return FormatParameter(key, value.rest(octets) ?? "")
    }

    public static let attribute = SDPAttributeName.formatParameters

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        guard let format = cursor.word(octets), let rest = cursor.rest(octets) else { return nil }
        self.init(format, rest)
    }

    public var description: String { "\(format) \(text)" }
}
