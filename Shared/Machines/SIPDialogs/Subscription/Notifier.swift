public import MachineKit
public import SIPGrammar

// Conforms: RFC 6665 §4.2 (complete, but for the rate of notifications, which is the owner's)

/// A subscription as the one who tells has it (RFC 6665 section 4.2).
///
///           SUBSCRIBE / subscribed      accept / 200, NOTIFY        Expires: 0 / 200
///     idle ───────────────► asked ─────────────────► active ──────────────────► closing
///                             │ refuse                 │ terminate, expiry / NOTIFY  │ notify, Timer "closing" / NOTIFY
///                             └───────────────────► ended ◄────────────────────────┘
///
/// One notification is under way at a time; those that follow wait in order. A subscription ends for good only when its
/// last NOTIFY has an answer, but the owner is told at once.
///
/// Kinds of impossible: what is of another dialog is answered 481; responses to nothing are ignored.
public struct Notifier: Machine, Hashable, Codable {
    public enum Input: Hashable, Sendable {
        case request(RequestID, SIPRequest)
        /// Takes the subscription: active, or pending for somebody to say.
        case accept(SIPSubscriptionState.State, Notification?)
        case refuse(Int, SIPHeaders = SIPHeaders())
        /// Tells the state, whole or as far as the package lets it.
        case notify(SIPSubscriptionState.State, Notification?)
        /// Ends the subscription.
        case terminate(reason: String, retryAfter: UInt32? = nil, Notification? = nil)
        case response(RequestLabel, SIPResponse)
        case failed(RequestLabel, Int)
    }

    public enum Output: Hashable, Sendable {
        case request(RequestLabel, SIPRequest)
        case respond(RequestID, SIPResponse)
        case event(NotifierEvent)
    }

    public enum Timer: Hashable, Sendable, Codable {
        case expiry
        case closing
    }

    /// How many notifications may wait.
    static let maximumWaiting = 16

    enum Phase: Hashable, Sendable, Codable {
        case idle
        case asked(ArrivedRequest, expires: UInt32)
        case active
        /// The subscriber has left, and waits for the last notification.
        case closing
        case ended
    }

    struct Waiting: Hashable, Sendable, Codable {
        let state: SIPSubscriptionState
        let body: Notification?
    }

    let tag: String
    let contact: SIPNameAddress
    let rules: NotifierSettings
    let settings: SessionSettings
    var supply: Supply
    var phase = Phase.idle
    var dialog: SIPDialog?
    var event = SIPEvent("")
    var outstanding: RequestLabel?
    var waiting: [Waiting] = []
    /// When it expires; it is not stored, for another process has another time line and says no `expires` until it is
    /// asked for a refresh.
    var deadline: Moment?

    private enum CodingKeys: CodingKey {
        case tag
        case contact
        case rules
        case settings
        case supply
        case phase
        case dialog
        case event
        case outstanding
        case waiting
    }

    /// - Parameters:
    ///   - tag: Our tag in the dialog.
    ///   - contact: Where requests of the dialog reach us.
    ///   - rules: What is granted.
    ///   - settings: What our requests and responses say of us.
    ///   - seed: What has to look random is drawn from it.
    public init(
        answeringAs tag: String,
        contact: SIPNameAddress,
        rules: NotifierSettings,
        settings: SessionSettings = SessionSettings(),
        seed: UInt64
    ) {
        self.tag = tag
        self.contact = contact
        self.rules = rules
        self.settings = settings
        supply = Supply(settings: settings, seed: seed)
    }

    /// Whether nothing is left to send or to wait for.
    public var isOver: Bool { phase == .ended && outstanding == nil && waiting.isEmpty }

    /// The dialog of the subscription, once there is one.
    public var subscription: SIPDialog? { dialog }

    public mutating func handle(_ input: Input, at now: Moment) -> Effects {
        switch input {
        case .request(let id, let request): arrive(id, request, now)
        case .accept(let state, let body): accept(state, body, now)
        case .refuse(let status, let headers): refuse(status, headers)
        case .notify(let state, let body): notify(state, body, now)
        case .terminate(let reason, let retryAfter, let body):
            terminate(.terminated(reason, retryAfter: retryAfter), body, .terminated, now)
        case .response(let label, let response): receive(label, response, now)
        case .failed(let label, let status): receive(label, SIPResponse(status), now)
        }
    }

    public mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch (timer, phase) {
        case (.expiry, .active): terminate(.terminated("timeout"), nil, .expired, now)
        case (.closing, .closing): terminate(.terminated("timeout"), nil, .unsubscribed, now)
        case (.expiry, .idle), (.expiry, .asked), (.expiry, .closing), (.expiry, .ended),
            (.closing, .idle), (.closing, .asked), (.closing, .active), (.closing, .ended):
            [.ignore("a timer of another state")]
        }
    }
}
