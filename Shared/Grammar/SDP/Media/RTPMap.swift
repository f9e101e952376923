import Octets

/// What a payload type is: `a=rtpmap:97 L16/8000/2` (RFC 8866 section 6.6).
public struct RTPMap: SDPAttributeValue {
    public var payloadType: UInt8
    /// The encoding's name in the spelling that came; compare with ``isEncoding(_:)``.
    public var encoding: String
    /// Hertz.
    public var clockRate: UInt32
    /// For audio the number of channels.
    public var parameters: String?

    public init(_ payloadType: UInt8, _ encoding: String, _ clockRate: UInt32, parameters: String? = nil) {
        self.payloadType = payloadType
        self.encoding = encoding
        self.clockRate = clockRate
        self.parameters = parameters
    }

    /// How many channels of audio; 1 if nothing is said.
    public var channels: Int {
        guard let parameters, let count = ASCII.decimal(parameters.utf8.span, limit: 255), count > 0 else {
            return 1
        }
        return Int(count)
    }

    /// Whether this is an encoding, whose name has no case (RFC 4855 section 3).
    public func isEncoding(_ name: String) -> Bool { ASCII.equalIgnoringCase(encoding, name) }

    public static let attribute = SDPAttributeName.rtpMap

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        guard let payloadType = cursor.number(0...UInt8(127), octets) else { return nil }
        cursor.skipBlanks(octets)
        guard let encoding = cursor.text(RTPMap.part, octets), cursor.take(UInt8(ascii: "/"), octets),
            let clockRate = cursor.digits(1...UInt32.max, octets)
        else { return nil }
        self.init(payloadType, encoding, clockRate)
        if cursor.take(UInt8(ascii: "/"), octets) {
            // COMPAT: RFC 8866 wants something behind the second slash, but `PCMU/8000/` can mean one thing only.
            parameters = cursor.text(SDPGrammar.word, octets)
        }
        guard cursor.isFinished(octets) else { return nil }
    }

    public var description: String {
        let base = "\(payloadType) \(encoding)/\(clockRate)"
        return parameters.map { "\(base)/\($0)" } ?? base
    }

    private static let part = SDPGrammar.word.subtracting(OctetSet("/"))
}
