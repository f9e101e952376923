extension String {
    /// Octets as text; what is not UTF-8 becomes U+FFFD.
    public init(repairing octets: Span<UInt8>) {
        // The decoding initialiser copies ASCII and valid UTF-8 in one go, but takes only pointers at that speed.
        self = unsafe octets.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Octets as text, or nil if they are not UTF-8.
    public init?(strictly octets: Span<UInt8>) {
        guard let text = try? UTF8Span(validating: octets) else { return nil }
        self.init(copying: text)
    }
}

extension [UInt8] {
    /// A copy of the octets of a span.
    public init(copying octets: Span<UInt8>) {
        self = unsafe octets.withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// Adds the octets of a text.
    @inlinable
    public mutating func append(text: String) {
        append(contentsOf: text.utf8)
    }

    /// Adds a number in decimal.
    public mutating func append(decimal value: some FixedWidthInteger) {
        append(contentsOf: String(value).utf8)
    }
}
