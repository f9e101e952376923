/// A line that means nothing to us, carried as it came: of a type that RFC 8866 does not have, or an `a=` line that
/// holds no attribute.
public struct SDPLine: Hashable, Sendable {
    /// The letter before the `=`.
    public let type: UInt8
    public let value: String
}
