import Addressing
import BusContract

/// What stays the same for one conversation: its name and the policy of all.
struct PageRules: Sendable {
    let key: ConversationKey
    /// Makes the identifiers that will come back to this conversation's shard.
    let mint: Mint
    let policy: MessagingPolicy

    init(key: ConversationKey, policy: MessagingPolicy) {
        self.key = key
        self.policy = policy
        mint = Mint(letter: "i", shard: key.shard)
    }

    var configuration: MessagingConfiguration { policy.configuration }
    var addresses: AddressMapper { policy.addresses }
}
