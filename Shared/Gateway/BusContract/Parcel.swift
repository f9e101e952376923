/// Everything that one instance has ready for one topic.
public struct Parcel: Hashable, Sendable {
    /// The instance that replies go to.
    public var sender: String
    public var deliveries: [Delivery]
    public var replies: [Reply]
    public var moves: [ShardMove]
    public var offers: [ServiceOffer]
    /// Whether whoever offers something is asked to say so now.
    public var asksForOffers: Bool

    public init(
        sender: String,
        deliveries: [Delivery] = [],
        replies: [Reply] = [],
        moves: [ShardMove] = [],
        offers: [ServiceOffer] = [],
        asksForOffers: Bool = false
    ) {
        self.offers = offers
        self.asksForOffers = asksForOffers
        self.sender = sender
        self.deliveries = deliveries
        self.replies = replies
        self.moves = moves
    }
}

/// Shards of a service that have changed hands; told on a topic that may lose it.
public enum ShardMove: Hashable, Sendable {
    /// The sender has these and hears what is published to them.
    case taken(Set<UInt8>, of: ServiceName)
    /// Some are free to be claimed.
    case givenBack(ServiceName)
}

/// The answer to one delivery.
public struct Reply: Hashable, Sendable {
    public var id: DeliveryID
    public var outcome: Outcome

    public init(id: DeliveryID, outcome: Outcome) {
        self.id = id
        self.outcome = outcome
    }
}
