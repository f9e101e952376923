import SIPGrammar

// Conforms: RFC 3264 §4 (one offer at a time; what is offered is not looked into)

/// Whose word it is in the exchange of offers and answers (RFC 3264 section 4, RFC 6337 section 2).
struct OfferAnswer: Hashable, Sendable, Codable {
    /// What our offer went out in; it says where the answer comes from.
    enum Ours: Hashable, Sendable, Codable {
        /// Answered by a reliable provisional response or a 2xx.
        case invite
        case update
        /// Answered by the PRACK.
        case provisional
        /// Answered by the ACK.
        case success
    }

    /// What the peer's offer came in; it says where the answer goes.
    enum Theirs: Hashable, Sendable, Codable {
        case invite
        case update
        case prack(ArrivedRequest)
        case provisional(SIPRAck)
        /// The 2xx to the INVITE of this label and number.
        case success(RequestLabel, UInt32)
    }

    enum Outstanding: Hashable, Sendable, Codable {
        case ours(Ours)
        case theirs(Theirs)
    }

    private(set) var outstanding: Outstanding?
    /// The offer that is outstanding.
    private var offer: SessionBody?
    /// What we have said in the last exchange that came to its end.
    private(set) var ours: SessionBody?
    /// What the peer has said in it.
    private(set) var theirs: SessionBody?

    var isFree: Bool { outstanding == nil }
    /// Whether an offer was ever answered.
    var isSettled: Bool { ours != nil }

    mutating func send(_ offer: SessionBody, in carrier: Ours) {
        precondition(outstanding == nil, "an offer while one is outstanding")
        outstanding = .ours(carrier)
        self.offer = offer
    }

    mutating func receive(_ offer: SessionBody, in carrier: Theirs) {
        precondition(outstanding == nil, "an offer while one is outstanding")
        outstanding = .theirs(carrier)
        self.offer = offer
    }

    /// Our answer is on its way.
    mutating func answer(_ answer: SessionBody) {
        (ours, theirs) = (answer, offer)
        withdraw()
    }

    /// The peer has answered.
    mutating func answered(_ answer: SessionBody) {
        (ours, theirs) = (offer, answer)
        withdraw()
    }

    /// The offer is gone; what was agreed before holds.
    mutating func withdraw() {
        outstanding = nil
        offer = nil
    }
}
