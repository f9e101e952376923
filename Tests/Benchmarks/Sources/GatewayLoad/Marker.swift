import CDatagrams

/// What tells the messages apart: `LD`, four digits of the user, `-`, eight digits of that user's message.
///
/// It stands in the branch and at the start of every text, always of the same length, so that a message is made by
/// copying a template and writing digits over it.
struct Marker: Hashable {
    static let length = 15
    static let placeholder = "LD0000-00000000"

    var user: Int
    var sequence: Int

    init(user: Int, sequence: Int) {
        self.user = user
        self.sequence = sequence
    }

    /// Reads the marker that begins at the offset, nil when there is none.
    init?(_ octets: UnsafeRawBufferPointer, at offset: Int) {
        guard offset >= 0, offset + Self.length <= octets.count,
            unsafe octets[offset] == UInt8(ascii: "L"), unsafe octets[offset + 6] == UInt8(ascii: "-"),
            let user = unsafe Self.digits(octets, at: offset + 2, count: 4),
            let sequence = unsafe Self.digits(octets, at: offset + 7, count: 8)
        else { return nil }
        self.init(user: user, sequence: sequence)
    }

    func write(into octets: UnsafeMutableRawBufferPointer, at offset: Int) {
        unsafe Self.write(user, digits: 4, into: octets, at: offset + 2)
        unsafe Self.write(sequence, digits: 8, into: octets, at: offset + 7)
    }

    static func write(_ number: Int, digits: Int, into octets: UnsafeMutableRawBufferPointer, at offset: Int)
    {
        var rest = number
        for place in stride(from: offset + digits - 1, through: offset, by: -1) {
            unsafe octets[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }

    private static func digits(_ octets: UnsafeRawBufferPointer, at offset: Int, count: Int) -> Int? {
        var number = 0
        for place in offset..<offset + count {
            let digit = unsafe Int(octets[place]) - 0x30
            guard (0...9).contains(digit) else { return nil }
            number = number * 10 + digit
        }
        return number
    }
}

/// A sequence of octets that is looked for.
struct Needle {
    private let octets: [UInt8]

    init(_ text: String) {
        octets = Array(text.utf8)
    }

    /// The offset just after the first occurrence at or after the start.
    func end(in haystack: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
        guard start < haystack.count, let base = haystack.baseAddress else { return nil }
        let found = unsafe octets.withUnsafeBufferPointer { needle in
            unsafe octets_find(
                base.advanced(by: start).assumingMemoryBound(to: UInt8.self),
                haystack.count - start,
                needle.baseAddress,
                needle.count
            )
        }
        return found < 0 ? nil : start + found + octets.count
    }
}
