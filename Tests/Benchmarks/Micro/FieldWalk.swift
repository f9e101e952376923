/// Steps through the fields of a protobuf message where it lies.
struct FieldWalk {
    /// What is no protobuf message, or none of this contract.
    struct Fault: Error {
        let position: Int
    }

    private var position: Int
    private let end: Int

    init(_ message: Range<Int>) {
        position = message.lowerBound
        end = message.upperBound
    }

    /// The next field: its number and where its octets are, none for a number.
    mutating func next(of octets: [UInt8]) throws(Fault) -> (number: Int, value: Range<Int>)? {
        guard position < end else { return nil }
        let tag = try integer(octets)
        let length = try integer(octets)
        switch tag & 7 {
        case 0: return (tag >> 3, position..<position)
        case 2:
            guard length <= end - position else { throw Fault(position: position) }
            defer { position += length }
            return (tag >> 3, position..<position + length)
        default: throw Fault(position: position)
        }
    }

    private mutating func integer(_ octets: [UInt8]) throws(Fault) -> Int {
        var (value, shift) = (0, 0)
        while position < end, shift < 63 {
            let octet = octets[position]
            position += 1
            value |= Int(octet & 0x7F) << shift
            if octet < 0x80 { return value }
            shift += 7
        }
        throw Fault(position: position)
    }
}
