import Octets

/// The header fields of a message, in their order (RFC 3261 section 7.3).
///
/// Values are kept as text and read when somebody asks: `headers.from()`. Fields of one name keep their order, each
/// line one element of ``all(_:)``; the accessors of types tell the values of one line apart.
public struct SIPHeaders: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    public private(set) var fields: [SIPHeaderField]

    public init() {
        fields = []
    }

    public init(dictionaryLiteral elements: (SIPHeaderName, String)...) {
        fields = elements.map { SIPHeaderField($0.0, $0.1) }
    }

    init(parsed fields: [SIPHeaderField]) {
        self.fields = fields
    }

    public var isEmpty: Bool { fields.isEmpty }

    /// The value of the first field of a name; setting it replaces all of the name, and nil removes them.
    public subscript(_ name: SIPHeaderName) -> String? {
        get {
            for field in fields where field.name == name { return field.value }
            return nil
        }
        set {
            guard let newValue else { return removeAll(name) }
            guard let index = fields.firstIndex(where: { $0.name == name }) else {
                return append(name, newValue)
            }
            fields[index] = SIPHeaderField(name, newValue)
            guard let second = fields[(index + 1)...].firstIndex(where: { $0.name == name }) else { return }
            let kept = fields[second...].filter { $0.name != name }
            fields.replaceSubrange(second..., with: kept)
        }
    }

    public func contains(_ name: SIPHeaderName) -> Bool { fields.contains { $0.name == name } }

    /// The values of all fields of a name, one for each line.
    public func all(_ name: SIPHeaderName) -> [String] {
        var values: [String] = []
        for field in fields where field.name == name { values.append(field.value) }
        return values
    }

    public mutating func append(_ name: SIPHeaderName, _ value: String) {
        fields.append(SIPHeaderField(name, value))
    }

    public mutating func append(_ field: SIPHeaderField) {
        fields.append(field)
    }

    public mutating func append(contentsOf other: SIPHeaders) {
        fields.append(contentsOf: other.fields)
    }

    /// Puts a field before all others: where Via and Record-Route go.
    public mutating func prepend(_ name: SIPHeaderName, _ value: String) {
        fields.insert(SIPHeaderField(name, value), at: 0)
    }

    public mutating func removeAll(_ name: SIPHeaderName) {
        fields.removeAll { $0.name == name }
    }

    /// Takes out the first field of a name, a whole line, and says what its value was.
    @discardableResult
    public mutating func removeFirst(_ name: SIPHeaderName) -> String? {
        guard let index = fields.firstIndex(where: { $0.name == name }) else { return nil }
        return fields.remove(at: index).value
    }

    /// Writes all fields but Content-Length, which is the body's to say.
    func write(into octets: inout [UInt8]) {
        for field in fields where field.name != .contentLength {
            octets.append(text: field.name.text)
            octets.append(UInt8(ascii: ":"))
            octets.append(ASCII.space)
            octets.append(text: field.value)
            octets.append(ASCII.carriageReturn)
            octets.append(ASCII.lineFeed)
        }
    }

    /// The octets that ``write(into:)`` will add, roughly.
    var estimatedSize: Int {
        fields.reduce(0) { $0 + $1.value.utf8.count + 24 }
    }
}
