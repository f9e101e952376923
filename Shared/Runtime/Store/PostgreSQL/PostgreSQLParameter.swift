/// A value on its way to the server, in the binary form of its type: nothing to quote, nothing to escape.
struct PostgreSQLParameter {
    /// The type's number in the server's catalogue, `pg_type`.
    let type: UInt32
    let octets: [UInt8]

    static func text(_ value: String) -> Self { Self(type: 25, octets: Array(value.utf8)) }

    static func integer(_ value: Int64) -> Self { Self(type: 20, octets: bigEndian(value)) }

    static func octets(_ value: [UInt8]) -> Self { Self(type: 17, octets: value) }

    static func texts(_ values: [String]) -> Self {
        Self(type: 1009, octets: array(of: 25, values.map { Array($0.utf8) }))
    }

    static func smallIntegers(_ values: [UInt8]) -> Self {
        Self(type: 1005, octets: array(of: 21, values.map { bigEndian(Int16($0)) }))
    }

    static func integers(_ values: [Int64]) -> Self {
        Self(type: 1016, octets: array(of: 20, values.map { bigEndian($0) }))
    }

    /// A nil is NULL.
    static func octetStrings(_ values: [[UInt8]?]) -> Self { Self(type: 1001, octets: array(of: 17, values)) }

    /// The form of `array_recv`: dimensions, whether there are NULLs, the elements' type, length and first index, then each
    /// element behind its length.
    private static func array(of element: UInt32, _ values: [[UInt8]?]) -> [UInt8] {
        let dimensions: Int32 = values.isEmpty ? 0 : 1
        var octets =
            bigEndian(dimensions) + bigEndian(Int32(values.contains(nil) ? 1 : 0)) + bigEndian(element)
        guard dimensions > 0 else { return octets }
        octets.reserveCapacity(values.reduce(20) { $0 + 4 + ($1?.count ?? 0) })
        octets += bigEndian(Int32(clamping: values.count)) + bigEndian(Int32(1))
        for value in values {
            octets += bigEndian(value.map { Int32(clamping: $0.count) } ?? -1)
            octets += value ?? []
        }
        return octets
    }

    private static func bigEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        stride(from: Value.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
