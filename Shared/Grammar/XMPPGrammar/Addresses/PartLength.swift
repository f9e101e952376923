/// How long a part of an address may be (RFC 7622 section 3.1).
enum PartLength {
    /// In octets, after the mappings.
    static let maximum = 1_023
    /// Nothing longer than this becomes short enough by being normalized.
    static let worthMapping = 4 * maximum
}
