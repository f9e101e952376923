/// Everything that one instance has ready for one topic.
public struct Parcel: Hashable, Sendable {
    /// The instance that replies go to.
    public var sender: String
    public var deliveries: [Delivery]
    public var replies: [Reply]

    public init(sender: String, deliveries: [Delivery] = [], replies: [Reply] = []) {
        self.sender = sender
        self.deliveries = deliveries
        self.replies = replies
    }
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
