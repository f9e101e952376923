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

extension Mint {
    /// An identifier that leads back to a conversation, for a tag or a session id that others will quote: the suffix tells
    /// apart what one conversation mints, and is a token that nobody can guess.
    public func identifier(leadingTo key: ConversationKey, _ suffix: some StringProtocol) -> String {
        "\(key.isMinted ? key : key.minted(by: letter)).\(suffix)"
    }

    /// The mint of an identifier, and the key of the conversation that it leads to; nil for what no gateway minted.
    public static func read(_ identifier: String) -> (mint: Mint, key: ConversationKey)? {
        guard let key = ConversationKey(mintedIn: identifier), let letter = identifier.first else {
            return nil
        }
        return (Mint(letter: letter, shard: key.shard), key)
    }
}
