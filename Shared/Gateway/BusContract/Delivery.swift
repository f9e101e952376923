/// One piece of work that a service asks another to do, and will have answered.
///
/// The sender keeps it and publishes it again until a reply comes or its deadline passes (ARCHITECTURE section 4).
public struct Delivery: Hashable, Sendable {
    /// Names this work for good: a repeat has the same id, and so has what a second owner sends after a crash.
    public var id: DeliveryID
    /// The conversation that this belongs to; deliveries of one key are processed in order.
    public var key: ConversationKey
    /// The time that is left to answer in, counted from when it was published.
    public var patience: Duration
    /// Follows one person's traffic through all services; empty when nobody traces.
    public var trace: String
    public var payload: Payload
    /// In whose name it is sent; nil where that needs no ownership.
    public var fence: Fence?
    /// The shard of the service to ask where that is not the key's; it is not part of what is sent.
    public var shard: UInt8?

    public init(
        id: DeliveryID,
        key: ConversationKey,
        patience: Duration,
        trace: String = "",
        payload: Payload,
        fence: Fence? = nil
    ) {
        self.fence = fence
        self.id = id
        self.key = key
        self.patience = patience
        self.trace = trace
        self.payload = payload
    }
}

/// The ownership that a delivery is sent under (ARCHITECTURE section 4, shards).
///
/// A receiver refuses what bears a lower epoch than it has seen of the same shard: a process that was paused and wakes
/// up finds that nobody listens to it any more.
public struct Fence: Hashable, Sendable {
    public var service: ServiceName
    public var shard: UInt8
    public var epoch: Int64

    public init(service: ServiceName, shard: UInt8, epoch: Int64) {
        self.service = service
        self.shard = shard
        self.epoch = epoch
    }
}

/// How a delivery ended.
///
/// Every delivery gets exactly one.
public enum Outcome: Hashable, Sendable {
    /// Every effect of the delivery has left; the payload is what to say to the one who asked, if anything.
    case ok(Payload?)
    case failed(Failure)
    /// Another service is the right one to ask.
    case redirect(ServiceName)
    /// No room just now; ask again after the duration.
    case busy(retryAfter: Duration)
}

/// Why a delivery failed, in words of neither protocol, and what to say about it in the asker's.
public struct Failure: Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// No name server knows the domain.
        case domainNotFound = "domain-not-found"
        /// The domain is known but no target of it takes connections.
        case unreachable
        /// A target took the message and never answered.
        case timeout
        /// No secure channel could be made, or the peer's certificate was not good enough.
        case insecure
        /// Larger than the next hop can carry; ``Failure/room`` says how many octets the body may have.
        case tooLarge = "too-large"
        /// The peer or the policy forbids it.
        case forbidden
        /// The one who should do it is overloaded.
        case overloaded
        /// No service does this kind of work.
        case unsupported
        /// The delivery could not be understood.
        case malformed
        /// Nobody answered before the deadline.
        case deadline
        /// A fault of our own.
        case `internal`
    }

    public var reason: Reason
    /// One line for people: what happened, to what.
    public var text: String
    /// The answer in the asker's own protocol, where the one who failed could write it.
    public var answer: Payload?
    /// For ``Reason/tooLarge``: the largest body, in octets, that would have fitted.
    public var room: Int?

    public init(_ reason: Reason, _ text: String, answer: Payload? = nil, room: Int? = nil) {
        self.reason = reason
        self.text = text
        self.answer = answer
        self.room = room
    }
}
