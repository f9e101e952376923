import Octets

/// An address or name in a description, which has no brackets even if it is of IPv6 (RFC 8866 section 9).
public enum SDPAddress: Hashable, Sendable, CustomStringConvertible {
    case ipv4(String)
    /// In RFC 5952's spelling.
    case ipv6(String)
    /// A domain name, in small letters.
    case name(String)
    /// What none of those is: an address of another network than the Internet, or one that somebody made up.
    case other(String)

    /// Reads any one word: what is no address and no name is ``other(_:)``.
    public init(_ text: String) {
        self.init(text.utf8.span)
    }

    init(_ text: Span<UInt8>) {
        if let address = IPv6Address(text) {
            self = .ipv6(address.text)
        } else if IPv4Address(text) != nil {
            self = .ipv4(String(repairing: text))
        } else if SDPAddress.isName(text) {
            self = .name(ASCII.lowercased(String(repairing: text)))
        } else {
            self = .other(String(repairing: text))
        }
    }

    /// Whether this can be reached on the Internet: an address or a name.
    public var isInternet: Bool {
        if case .other = self { return false }
        return true
    }

    /// Whether this is the address that once meant hold (RFC 3264 section 8.4) and means nowhere (RFC 4317 section 4).
    public var isUnspecified: Bool {
        switch self {
        case .ipv4(let text): text == "0.0.0.0"
        case .ipv6(let text): text == "::"
        case .name(let text): text.hasSuffix(".invalid")
        case .other: false
        }
    }

    /// The address type that goes with it: `IP6` for IPv6, else `IP4`.
    public var addressType: String {
        if case .ipv6 = self { return "IP6" }
        return "IP4"
    }

    public var description: String {
        switch self {
        case .ipv4(let text), .ipv6(let text), .name(let text), .other(let text): text
        }
    }

    /// Labels between dots, the last not of digits alone: that would be a broken dotted quad.
    private static func isName(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0, text.count <= 255 else { return false }
        var label = 0
        var isNumber = true
        for index in text.indices {
            guard SDPGrammar.host.contains(text[index]) else { return false }
            if text[index] == UInt8(ascii: ".") {
                guard label > 0, label <= 63 else { return false }
                label = 0
            } else {
                isNumber = (label == 0 || isNumber) && ASCII.isDigit(text[index])
                label += 1
            }
        }
        return label <= 63 && !isNumber
    }
}
