import Octets

/// Telephone numbers as user parts (MAPPING 1.6; RFC 3966).
enum TelephoneNumber {
    private static let separators = OctetSet("-.()")
    private static let localDigits = OctetSet.digit.union(OctetSet("*#abcdefABCDEF"))

    /// A `telephone-subscriber` without its visual separators, parameters kept: `+1-555-1234` becomes `+15551234`.
    ///
    /// Nil when the octets are no telephone number: then they are left as they are.
    static func stripped(_ octets: [UInt8]) -> [UInt8]? {
        let pieces = octets.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard let first = pieces.first else { return nil }
        let number = first.filter { !separators.contains($0) }
        guard isNumber(number[...]) else { return nil }
        var result = number
        for piece in pieces.dropFirst() {
            result.append(UInt8(ascii: ";"))
            result += context(piece)
        }
        return result
    }

    /// Whether a local part is a number that a telephone network can be asked for: global, or with its context.
    static func isDiallable(_ octets: [UInt8]) -> Bool {
        let pieces = octets.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard let number = pieces.first, isNumber(number) else { return false }
        if number.first == UInt8(ascii: "+") { return true }
        return pieces.dropFirst().contains { $0.starts(with: contextPrefix) }
    }

    /// `+` and digits, or digits, `*` and `#`; at least one digit or sign besides the `+`.
    private static func isNumber(_ octets: ArraySlice<UInt8>) -> Bool {
        guard octets.first == UInt8(ascii: "+") else {
            return !octets.isEmpty && octets.allSatisfy(localDigits.contains)
        }
        return octets.count > 1 && octets.dropFirst().allSatisfy(ASCII.isDigit)
    }

    private static let contextPrefix = Array("phone-context=".utf8)

    /// A context that is itself the beginning of a global number loses its separators too.
    private static func context(_ parameter: ArraySlice<UInt8>) -> [UInt8] {
        let isPrefix =
            parameter.starts(with: contextPrefix) && parameter.dropFirst(14).first == UInt8(ascii: "+")
        return isPrefix
            ? contextPrefix + parameter.dropFirst(14).filter { !separators.contains($0) } : Array(parameter)
    }
}
