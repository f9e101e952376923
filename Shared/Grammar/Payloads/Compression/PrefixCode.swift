/// A canonical prefix code of DEFLATE, known by its code lengths alone (RFC 1951 section 3.2.2).
struct PrefixCode {
    /// How many codes there are of each length, 0 to 15 bits.
    let counts: [Int]
    /// The symbols in the order of their codes.
    let symbols: [Int]

    /// Nil when there are more codes than their lengths leave room for.
    init?(lengths: some Collection<Int>) {
        var counts = Array(repeating: 0, count: 16)
        for length in lengths { counts[length] += 1 }
        counts[0] = 0
        var room = 1
        for length in 1...15 {
            room = room * 2 - counts[length]
            guard room >= 0 else { return nil }
        }
        var offsets = Array(repeating: 0, count: 17)
        for length in 1...15 { offsets[length + 1] = offsets[length] + counts[length] }
        var symbols = Array(repeating: 0, count: offsets[16])
        for (symbol, length) in lengths.enumerated() where length > 0 {
            symbols[offsets[length]] = symbol
            offsets[length] += 1
        }
        self.counts = counts
        self.symbols = symbols
    }

    private init(counts: [Int], symbols: [Int]) {
        self.counts = counts
        self.symbols = symbols
    }

    private static let empty = PrefixCode(counts: Array(repeating: 0, count: 16), symbols: [])

    /// The literals and lengths of RFC 1951 section 3.2.6.
    static let fixedLiterals =
        PrefixCode(
            lengths: Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112)
                + Array(repeating: 7, count: 24) + Array(repeating: 8, count: 8)
        ) ?? empty

    /// The distances of RFC 1951 section 3.2.6.
    static let fixedDistances = PrefixCode(lengths: Array(repeating: 5, count: 30)) ?? empty
}
