/// A set of octets, asked in constant time: what a grammar means by a class of characters.
@frozen
public struct OctetSet: Sendable, Equatable {
    @usableFromInline
    var words: InlineArray<4, UInt64>

    /// The empty set.
    @inlinable
    public init() {
        words = InlineArray(repeating: 0)
    }

    /// The octets of a text: `OctetSet("-_.!~*'()")`.
    public init(_ text: String) {
        self.init()
        for octet in text.utf8 { insert(octet) }
    }

    /// The octets of a range: `OctetSet(0x21...0x7E)`.
    public init(_ range: ClosedRange<UInt8>) {
        self.init()
        for octet in range { insert(octet) }
    }

    @inlinable
    public func contains(_ octet: UInt8) -> Bool {
        words[Int(octet >> 6)] &>> UInt64(octet & 63) & 1 != 0
    }

    public mutating func insert(_ octet: UInt8) {
        words[Int(octet >> 6)] |= 1 &<< UInt64(octet & 63)
    }

    public mutating func remove(_ octet: UInt8) {
        words[Int(octet >> 6)] &= ~(1 &<< UInt64(octet & 63))
    }

    public func union(_ other: OctetSet) -> OctetSet {
        var result = self
        for index in words.indices { result.words[index] |= other.words[index] }
        return result
    }

    public func subtracting(_ other: OctetSet) -> OctetSet {
        var result = self
        for index in words.indices { result.words[index] &= ~other.words[index] }
        return result
    }

    public static func == (left: OctetSet, right: OctetSet) -> Bool {
        left.words.indices.allSatisfy { left.words[$0] == right.words[$0] }
    }
}

extension OctetSet {
    /// RFC 5234 `ALPHA`.
    public static let alpha = OctetSet(0x41...0x5A).union(OctetSet(0x61...0x7A))
    /// RFC 5234 `DIGIT`.
    public static let digit = OctetSet(0x30...0x39)
    public static let alphanumeric = alpha.union(digit)
    public static let hexadecimal = digit.union(OctetSet(0x41...0x46)).union(OctetSet(0x61...0x66))
    /// RFC 5234 `VCHAR`: printing ASCII without the space.
    public static let visible = OctetSet(0x21...0x7E)
    /// Everything of ASCII that is not printing: 0x00 to 0x1F and 0x7F.
    public static let control = OctetSet(0x00...0x1F).union(OctetSet(0x7F...0x7F))
}
