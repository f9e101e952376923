/// What a session draws on whatever its state: settings, labels and numbers that look random.
struct Supply: Hashable, Sendable, Codable {
    let settings: SessionSettings
    private var labels: UInt32 = 0
    private var seed: UInt64

    init(settings: SessionSettings, seed: UInt64) {
        self.settings = settings
        self.seed = seed
    }

    mutating func label() -> RequestLabel {
        labels &+= 1
        return RequestLabel(labels)
    }

    /// A number of a range, all as likely, by the seed alone (SplitMix64).
    mutating func draw(_ range: ClosedRange<Int64>) -> Int64 {
        seed &+= 0x9E37_79B9_7F4A_7C15
        var word = seed
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        word ^= word >> 31
        return range.lowerBound + Int64(word % UInt64(range.count))
    }
}
