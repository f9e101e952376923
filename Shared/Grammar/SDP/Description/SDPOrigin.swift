import Octets

/// Who made a description and which of its versions this is: `o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1`
/// (RFC 8866 section 5.2).
public struct SDPOrigin: Hashable, Sendable, CustomStringConvertible {
    /// The name on the host, or `-`.
    public var username: String
    /// Digits: of any length when they came from somebody else, else a number of 64 bits.
    public var sessionID: String
    /// Digits, as ``sessionID``.
    public var sessionVersion: String
    public var networkType: String
    public var addressType: String
    public var address: SDPAddress

    public init(
        username: String = "-",
        sessionID: UInt64,
        sessionVersion: UInt64,
        address: SDPAddress
    ) {
        self.username = username
        self.sessionID = String(sessionID)
        self.sessionVersion = String(sessionVersion)
        networkType = "IN"
        addressType = address.addressType
        self.address = address
    }

    /// The same with the next version, as whoever changes a description has to say (RFC 3264 section 8).
    public var successor: SDPOrigin {
        var next = self
        var digits = Array(sessionVersion.utf8)
        var index = digits.count - 1
        while index >= 0, digits[index] == UInt8(ascii: "9") {
            digits[index] = UInt8(ascii: "0")
            index -= 1
        }
        if index >= 0 { digits[index] &+= 1 } else { digits.insert(UInt8(ascii: "1"), at: 0) }
        next.sessionVersion = String(decoding: digits, as: UTF8.self)
        return next
    }

    public var description: String {
        var octets: [UInt8] = []
        write(into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    /// Reads what stands behind `o=`.
    public init?(parsing text: String) {
        let octets = text.utf8.span
        self.init(octets, 0..<octets.count)
    }

    /// Reads from the end, where the five fields are whose form is known.
    init?(_ octets: Span<UInt8>, _ range: Range<Int>) {
        var end = range.upperBound
        func field() -> Range<Int>? {
            while end > range.lowerBound, ASCII.isBlank(octets[end - 1]) { end -= 1 }
            let last = end
            while end > range.lowerBound, !ASCII.isBlank(octets[end - 1]) { end -= 1 }
            return end < last ? end..<last : nil
        }
        guard let place = field(), let type = field(), let network = field(), let version = field(),
            let id = field(), SDPOrigin.isNumber(octets, id), SDPOrigin.isNumber(octets, version)
        else { return nil }
        var name = Cursor(range.lowerBound..<end)
        // COMPAT: phones that put a display name or nothing here: RFC 8866 wants one word.
        username = name.rest(octets) ?? "-"
        sessionID = String(repairing: octets.extracting(id))
        sessionVersion = String(repairing: octets.extracting(version))
        networkType = ASCII.uppercased(String(repairing: octets.extracting(network)))
        addressType = ASCII.uppercased(String(repairing: octets.extracting(type)))
        // Nothing is ever sent to this address: whatever it is, it only tells origins apart.
        address = SDPAddress(octets.extracting(place))
    }

    private static func isNumber(_ octets: Span<UInt8>, _ range: Range<Int>) -> Bool {
        range.allSatisfy { ASCII.isDigit(octets[$0]) }
    }

    func write(into octets: inout [UInt8]) {
        octets.append(value: username.isEmpty ? "-" : username)
        octets.append(ASCII.space)
        for field in [sessionID, sessionVersion, networkType, addressType] {
            octets.append(word: field)
            octets.append(ASCII.space)
        }
        octets.append(word: address.description)
    }
}
