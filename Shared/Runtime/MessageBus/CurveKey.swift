internal import CZeroMQ

/// A CURVE key as text and as octets (32/Z85).
enum CurveKey {
    /// How many characters a key has.
    static let length = 40

    /// The 32 octets of a key; nil when the text is none.
    static func octets(_ text: String) -> [UInt8]? {
        guard text.utf8.count == length, !text.utf8.contains(0) else { return nil }
        var octets = [UInt8](repeating: 0, count: 32)
        return unsafe zmq_z85_decode(&octets, text) == nil ? nil : octets
    }

    /// A key as it is written; nil when it has not 32 octets.
    static func text(of octets: [UInt8]) -> String? {
        guard octets.count == 32 else { return nil }
        var characters = [CChar](repeating: 0, count: length + 1)
        return unsafe zmq_z85_encode(&characters, octets, octets.count) == nil ? nil : text(characters)
    }

    /// What libzmq wrote, without the octet that ends it.
    static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
