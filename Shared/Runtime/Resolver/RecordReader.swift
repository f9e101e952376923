/// Reads a record's data from its beginning to its end (RFC 1035 section 3.3).
///
/// Every step is nil when the data is too short for it.
struct RecordReader {
    private let data: [UInt8]
    private var position = 0

    init(_ data: [UInt8]) {
        self.data = data
    }

    mutating func number8() -> Int? {
        guard position < data.count else { return nil }
        defer { position += 1 }
        return Int(data[position])
    }

    mutating func number16() -> Int? {
        guard let high = number8(), let low = number8() else { return nil }
        return high << 8 | low
    }

    /// A `<character-string>`: a length of one octet and so many octets.
    mutating func characterString() -> String? {
        guard let length = number8(), position + length <= data.count else { return nil }
        defer { position += length }
        return String(validating: data[position..<position + length], as: UTF8.self)
    }

    /// A name; nothing may follow it.
    mutating func lastName() -> String? {
        guard let (name, end) = DomainNameText.read(data, from: position), end == data.count else {
            return nil
        }
        position = end
        return name
    }

    /// All that is left.
    mutating func rest() -> [UInt8] {
        defer { position = data.count }
        return Array(data[position...])
    }
}
