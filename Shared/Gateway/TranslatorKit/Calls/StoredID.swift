public import BusContract

/// A delivery's id as part of a conversation that is stored: its 32 hexadecimal digits.
public struct StoredID: Hashable, Sendable, Codable {
    public let id: DeliveryID

    public init(_ id: DeliveryID) {
        self.id = id
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = DeliveryID(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(text) is no delivery's id")
            )
        }
        self.id = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(id.description)
    }
}
