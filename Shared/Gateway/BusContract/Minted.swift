/// Identifiers that the gateway makes and will get back begin with their service's letter and shard, so that an edge
/// can route what comes back without a table: `i3f-…`.
public struct Mint: Hashable, Sendable {
    /// `i` for instant messaging; one lower-case letter a service.
    public let letter: Character
    public let shard: UInt8

    public init(letter: Character, shard: UInt8) {
        self.letter = letter
        self.shard = shard
    }

    /// An identifier of letters, digits and one hyphen: valid as a SIP token and as a stanza id.
    public func identifier(_ id: DeliveryID) -> String {
        let digits = String(shard, radix: 16)
        return "\(letter)\(digits.count == 1 ? "0" : "")\(digits)-\(id)"
    }
}
