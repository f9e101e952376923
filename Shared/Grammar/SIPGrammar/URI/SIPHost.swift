import Octets

/// A host: the name or address of who is to be reached (RFC 3261 section 25.1 `host`).
public enum SIPHost: Hashable, Sendable, CustomStringConvertible {
    /// A domain name, in small letters.
    case name(String)
    /// A dotted quad.
    case ipv4(String)
    /// An address in RFC 5952's spelling, without the brackets.
    case ipv6(String)

    /// Reads a host; an IPv6 address with its brackets or without.
    public init?(_ text: String) {
        let octets = text.utf8.span
        if let address = IPv6Address(octets) {
            self = .ipv6(address.text)
            return
        }
        var scanner = Scanner(octets)
        guard let host = try? SIPHost.parse(octets, &scanner), scanner.isAtEnd else { return nil }
        self = host
    }

    /// The host without brackets, as a resolver or a socket takes it.
    public var text: String {
        switch self {
        case .name(let text), .ipv4(let text), .ipv6(let text): text
        }
    }

    /// The host as URIs and Via have it: an IPv6 address in brackets.
    public var description: String {
        var octets: [UInt8] = []
        write(into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    public func write(into octets: inout [UInt8]) {
        switch self {
        case .name(let text), .ipv4(let text):
            // What no host may hold would change what the rest of the line means: it is left out.
            if text.utf8.allSatisfy({ Grammar.host.contains($0) }) {
                octets.append(text: text)
            } else {
                octets.append(contentsOf: text.utf8.filter { Grammar.host.contains($0) })
            }
        case .ipv6(let text):
            octets.append(UInt8(ascii: "["))
            octets.append(
                contentsOf: text.utf8.filter { $0 == UInt8(ascii: ":") || Grammar.host.contains($0) }
            )
            octets.append(UInt8(ascii: "]"))
        }
    }

    static func parse(_ octets: Span<UInt8>, _ scanner: inout Scanner) throws(SIPSyntaxError) -> SIPHost {
        let start = scanner.at
        if scanner.take(UInt8(ascii: "["), octets) {
            while let octet = scanner.peek(octets), octet != UInt8(ascii: "]") { scanner.at += 1 }
            guard let address = IPv6Address(octets.extracting(start + 1..<scanner.at)) else {
                scanner.at = start
                throw scanner.failure()
            }
            try scanner.expect(UInt8(ascii: "]"), octets)
            return .ipv6(address.text)
        }
        let range = try scanner.run(Grammar.host, octets)
        let text = octets.extracting(range)
        if IPv4Address(text) != nil { return .ipv4(String(repairing: text)) }
        guard isName(text) else { throw SIPSyntaxError(.value, offset: start) }
        return .name(ASCII.lowercased(String(repairing: text)))
    }

    /// Labels of at most 63 octets between dots, the last not of digits alone: that would be a broken dotted quad.
    private static func isName(_ text: Span<UInt8>) -> Bool {
        guard text.count <= 255 else { return false }
        var label = 0
        var isNumber = true
        for index in text.indices {
            if text[index] == UInt8(ascii: ".") {
                guard label > 0, label <= 63 else { return false }
                label = 0
            } else {
                if label == 0 { isNumber = true }
                isNumber = isNumber && ASCII.isDigit(text[index])
                label += 1
            }
        }
        return label <= 63 && !isNumber
    }

    /// `[COLON port]`.
    static func parsePort(_ octets: Span<UInt8>, _ scanner: inout Scanner) throws(SIPSyntaxError) -> Int {
        let digits = try scanner.run(.digit, octets)
        guard let port = ASCII.decimal(octets.extracting(digits), limit: 65_535) else {
            throw SIPSyntaxError(.value, offset: digits.lowerBound)
        }
        return Int(port)
    }
}
