/// Comparing what must not be guessed octet by octet.
enum ConstantTime {
    /// Whether two texts are the same octets; how long it takes depends on the length of the second alone.
    static func areEqual(_ given: String, _ expected: String) -> Bool {
        let (given, expected) = (Array(given.utf8), Array(expected.utf8))
        var difference: UInt8 = given.count == expected.count ? 0 : 1
        for index in expected.indices {
            difference |= expected[index] ^ (index < given.count ? given[index] : 0)
        }
        return difference == 0
    }
}
