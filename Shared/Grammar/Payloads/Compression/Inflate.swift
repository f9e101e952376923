/// Decompresses DEFLATE data (RFC 1951), never into more octets than it was allowed.
struct Inflate {
    private let octets: [UInt8]
    private let most: Int
    private var position: Int
    private var bits: UInt32 = 0
    private var bitCount: UInt32 = 0
    private var output: [UInt8] = []

    init(_ octets: [UInt8], from start: Int, most: Int) {
        self.octets = octets
        self.most = most
        position = start
    }

    /// Where the data ended; what is left of the last octet is no part of anything.
    var end: Int { position }

    /// Reads blocks until the one that says it is the last.
    mutating func run() throws(ContentCoding.Failure) -> [UInt8] {
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 0: try stored()
            case 1: try block(PrefixCode.fixedLiterals, PrefixCode.fixedDistances)
            case 2: try dynamic()
            default: throw .malformed
            }
        }
        return output
    }

    /// A block of octets as they are (section 3.2.4).
    private mutating func stored() throws(ContentCoding.Failure) {
        // A length begins at an octet; bits are never read ahead by more than the octet they are in.
        (bits, bitCount) = (0, 0)
        guard position + 4 <= octets.count else { throw .malformed }
        let length = Int(octets[position]) | Int(octets[position + 1]) << 8
        let check = Int(octets[position + 2]) | Int(octets[position + 3]) << 8
        position += 4
        guard length == ~check & 0xFFFF, position + length <= octets.count else { throw .malformed }
        guard output.count + length <= most else { throw .tooLarge }
        output += octets[position..<(position + length)]
        position += length
    }

    /// A block whose codes come first, themselves coded (section 3.2.7).
    private mutating func dynamic() throws(ContentCoding.Failure) {
        let literals = Int(try take(5)) + 257
        let distances = Int(try take(5)) + 1
        let codeLengths = Int(try take(4)) + 4
        guard literals <= 286, distances <= 30 else { throw .malformed }
        var lengths = Array(repeating: 0, count: 19)
        for index in 0..<codeLengths { lengths[Self.codeLengthOrder[index]] = Int(try take(3)) }
        guard let code = PrefixCode(lengths: lengths) else { throw .malformed }
        let all = try readLengths(literals + distances, by: code)
        guard all[256] != 0, let literalCode = PrefixCode(lengths: all[..<literals]),
            let distanceCode = PrefixCode(lengths: all[literals...])
        else { throw .malformed }
        try block(literalCode, distanceCode)
    }

    private mutating func readLengths(
        _ count: Int,
        by code: PrefixCode
    ) throws(ContentCoding.Failure) -> [Int] {
        var lengths: [Int] = []
        while lengths.count < count {
            let symbol = try symbol(of: code)
            switch symbol {
            case 0...15: lengths.append(symbol)
            case 16:
                guard let last = lengths.last else { throw .malformed }
                lengths += Array(repeating: last, count: 3 + Int(try take(2)))
            case 17: lengths += Array(repeating: 0, count: 3 + Int(try take(3)))
            default: lengths += Array(repeating: 0, count: 11 + Int(try take(7)))
            }
        }
        guard lengths.count == count else { throw .malformed }
        return lengths
    }

    /// Literals, and copies of what came before, until the end of the block (section 3.2.3).
    private mutating func block(
        _ literals: PrefixCode,
        _ distances: PrefixCode
    ) throws(ContentCoding.Failure) {
        while true {
            let symbol = try symbol(of: literals)
            if symbol == 256 { return }
            guard symbol > 256 else {
                guard output.count < most else { throw .tooLarge }
                output.append(UInt8(truncatingIfNeeded: symbol))
                continue
            }
            guard symbol - 257 < Self.lengthBases.count else { throw .malformed }
            let length = Self.lengthBases[symbol - 257] + Int(try take(Self.lengthBits[symbol - 257]))
            let code = try self.symbol(of: distances)
            guard code < Self.distanceBases.count else { throw .malformed }
            try copy(length, from: Self.distanceBases[code] + Int(try take(UInt32(max(0, code / 2 - 1)))))
        }
    }

    /// Repeats so many octets from so far back; the two may overlap.
    private mutating func copy(_ length: Int, from distance: Int) throws(ContentCoding.Failure) {
        guard distance <= output.count else { throw .malformed }
        guard output.count + length <= most else { throw .tooLarge }
        for _ in 0..<length { output.append(output[output.count - distance]) }
    }

    /// Reads a code bit by bit: those of one length are consecutive numbers, so no tree is needed.
    private mutating func symbol(of code: PrefixCode) throws(ContentCoding.Failure) -> Int {
        var word = 0
        var first = 0
        var index = 0
        for length in 1...15 {
            word |= Int(try take(1))
            let count = code.counts[length]
            if word - count < first { return code.symbols[index + word - first] }
            index += count
            first = (first + count) << 1
            word <<= 1
        }
        throw .malformed
    }

    /// So many bits, the lowest first; at most 16.
    private mutating func take(_ count: UInt32) throws(ContentCoding.Failure) -> UInt32 {
        while bitCount < count {
            guard position < octets.count else { throw .malformed }
            bits |= UInt32(octets[position]) << bitCount
            bitCount += 8
            position += 1
        }
        let value = bits & (1 << count - 1)
        bits >>= count
        bitCount -= count
        return value
    }

    private static let codeLengthOrder = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163,
        195, 227,
        258,
    ]
    private static let lengthBits: [UInt32] = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
        4097,
        6145, 8193, 12_289, 16_385, 24_577,
    ]
}
