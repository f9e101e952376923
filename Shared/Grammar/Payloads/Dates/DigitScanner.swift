import Octets

/// Reads fixed digits and signs of a date from the front to the back.
struct DigitScanner {
    private let octets: [UInt8]
    private var position = 0

    init(_ text: String) {
        octets = Array(text.utf8)
    }

    var isAtEnd: Bool { position >= octets.count }

    /// A number of at least and at most so many digits.
    mutating func number(_ digits: ClosedRange<Int>) -> Int? {
        var value = 0
        var count = 0
        while count < digits.upperBound, position < octets.count, let digit = Self.digit(octets[position]) {
            value = value * 10 + digit
            position += 1
            count += 1
        }
        return count >= digits.lowerBound ? value : nil
    }

    /// Takes one octet of those given, and says which.
    mutating func take(_ choices: String) -> UInt8? {
        guard position < octets.count, choices.utf8.contains(octets[position]) else { return nil }
        position += 1
        return octets[position - 1]
    }

    /// The thousandths that the digits of a fraction make; digits beyond the third are passed over.
    mutating func milliseconds() -> Int? {
        var value = 0
        var count = 0
        while position < octets.count, let digit = Self.digit(octets[position]) {
            if count < 3 { value = value * 10 + digit }
            count += 1
            position += 1
        }
        switch count {
        case 0: return nil
        case 1: return value * 100
        case 2: return value * 10
        default: return value
        }
    }

    /// One or more letters, in lower case.
    mutating func letters() -> String {
        var word: [UInt8] = []
        while position < octets.count, ASCII.isAlpha(octets[position]) {
            word.append(ASCII.lowercased(octets[position]))
            position += 1
        }
        return String(decoding: word, as: UTF8.self)
    }

    mutating func skip(_ choices: String) {
        while take(choices) != nil {}
    }

    private static func digit(_ octet: UInt8) -> Int? {
        let value = Int(octet) - 0x30
        return (0...9).contains(value) ? value : nil
    }
}

/// A number with zeros before it.
func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
