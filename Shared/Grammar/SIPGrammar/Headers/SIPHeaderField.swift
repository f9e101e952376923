import Octets

/// One header field: a name and its value, unfolded and without white space around it.
///
/// A value can never break out of its line: control characters that RFC 3261 has no place for become spaces.
public struct SIPHeaderField: Hashable, Sendable {
    public let name: SIPHeaderName
    public let value: String

    public init(_ name: SIPHeaderName, _ value: String) {
        self.name = name
        self.value = SIPHeaderField.clean(value)
    }

    /// A field whose value the parser has checked.
    init(name: SIPHeaderName, parsed value: String) {
        self.name = name
        self.value = value
    }

    private static func clean(_ value: String) -> String {
        let octets = value.utf8.span
        if Quoting.isClean(octets) {
            let kept = trimmed(octets)
            return kept.count == octets.count ? value : String(repairing: octets.extracting(kept))
        }
        let spaced = value.utf8.map { ASCII.isControl($0) && $0 != ASCII.tab ? ASCII.space : $0 }
        return String(repairing: spaced.span.extracting(trimmed(spaced.span)))
    }

    private static func trimmed(_ octets: Span<UInt8>) -> Range<Int> {
        var lower = 0
        var upper = octets.count
        while lower < upper, ASCII.isBlank(octets[lower]) { lower += 1 }
        while upper > lower, ASCII.isBlank(octets[upper - 1]) { upper -= 1 }
        return lower..<upper
    }
}
