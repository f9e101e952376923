public import MachineKit
public import SIPGrammar

// Conforms: RFC 6665 §4.1 (complete)

/// A subscription as the one who asks has it: SUBSCRIBE, and NOTIFY in return (RFC 6665 section 4.1).
///
///        subscribe / SUBSCRIBE     NOTIFY / 200, notified        unsubscribe / SUBSCRIBE Expires: 0
///     idle ──────────► waiting ────────────────► subscribed ──────────────────► leaving
///                         │ failure, Timer N       │ terminated, 481, expiry       │ last NOTIFY, Timer N
///                         └──────────────────► ended ◄─────────────────────────────┘
///
/// The dialog is made by the first NOTIFY, which may come before the 2xx; of a forked SUBSCRIBE, the NOTIFYs of others
/// make further dialogs or are answered 481, as the package has it. It is refreshed in time, with a little chance so that
/// many do not come at once; a refresh that fails in passing is tried again until the subscription has expired.
///
/// Kinds of impossible: NOTIFYs of nothing that was asked for are answered 481; responses to nothing are ignored.
public struct Subscriber: Machine, Hashable, Codable {
    public enum Input: Hashable, Sendable {
        case subscribe
        /// Asks anew, now: the notifier answers with its whole state.
        case refresh
        case unsubscribe
        case request(RequestID, SIPRequest)
        case response(RequestLabel, SIPResponse)
        /// No response will come, for a reason that this status stands for.
        case failed(RequestLabel, Int)
    }

    public enum Output: Hashable, Sendable {
        case request(RequestLabel, SIPRequest)
        case respond(RequestID, SIPResponse)
        case event(SubscriberEvent)
    }

    public enum Timer: Hashable, Sendable, Codable {
        /// RFC 6665's Timer N.
        case n
        case refresh(fork: String)
        case expiry(fork: String)
    }

    /// How many dialogs one SUBSCRIBE may make.
    static let maximumForks = 16

    enum Phase: Hashable, Sendable, Codable {
        case idle
        case running
        case leaving
        case ended
    }

    struct Fork: Hashable, Sendable, Codable {
        var dialog: SIPDialog
        var failures = 0
        /// When it expires; not stored, for another process has another time line.
        var deadline: Moment?

        private enum CodingKeys: CodingKey {
            case dialog
            case failures
        }

        var tag: String { dialog.id.remoteTag }
    }

    struct Sent: Hashable, Sendable, Codable {
        let label: RequestLabel
        /// Nil for a SUBSCRIBE outside a dialog.
        let fork: String?
        let expires: UInt32
    }

    let plan: Subscription
    let settings: SessionSettings
    var supply: Supply
    var phase = Phase.idle
    var forks: [Fork] = []
    var sent: [Sent] = []
    /// What the next SUBSCRIBE asks for.
    var expires: UInt32
    /// What the last 2xx granted.
    var granted: UInt32?
    /// The number of the latest SUBSCRIBE outside a dialog.
    var number: UInt32
    var tries = 0

    /// - Parameters:
    ///   - plan: What is subscribed to, and the identifiers to be used.
    ///   - settings: What our requests say of us; timers scale with its T1.
    ///   - seed: What the random part of refreshes is drawn from.
    public init(_ plan: Subscription, settings: SessionSettings = SessionSettings(), seed: UInt64) {
        self.plan = plan
        self.settings = settings
        supply = Supply(settings: settings, seed: seed)
        expires = plan.expires
        number = plan.number
    }

    public var isOver: Bool { phase == .ended }

    /// The dialogs that notifications have made.
    public var dialogs: [SIPDialog] { forks.map(\.dialog) }

    public mutating func handle(_ input: Input, at now: Moment) -> Effects {
        switch phase {
        case .idle: idle(input, now)
        case .running: running(input, now)
        case .leaving: leaving(input, now)
        case .ended: ended(input)
        }
    }

    private mutating func idle(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .subscribe:
            phase = .running
            return [.set(.n, at: now + settings.lifetime)] + subscribe()
        case .unsubscribe: return end(.unsubscribed)
        case .request(let id, let request): return refuse(id, request, 481)
        case .refresh, .response, .failed: return [.ignore("before the subscription")]
        }
    }

    private mutating func running(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .subscribe: return [.ignore("subscribed twice")]
        case .refresh: return forks.indices.flatMap { refresh(at: $0) }
        case .unsubscribe:
            guard !forks.isEmpty else { return end(.unsubscribed) }
            phase = .leaving
            expires = 0
            return forks.indices.flatMap { refresh(at: $0) } + [.set(.n, at: now + settings.lifetime)]
        case .request(let id, let request): return arrive(id, request, now)
        case .response(let label, let response): return receive(label, response, now)
        case .failed(let label, let status): return receive(label, SIPResponse(status), now)
        }
    }

    private mutating func leaving(_ input: Input, _ now: Moment) -> Effects {
        switch input {
        case .subscribe, .refresh, .unsubscribe: return [.ignore("while it ends")]
        case .request(let id, let request): return arrive(id, request, now)
        case .response(let label, let response):
            guard response.isFinal else { return [.ignore("a provisional response")] }
            guard let index = sent.firstIndex(where: { $0.label == label }) else {
                return [.ignore("a response to nothing that waits for one")]
            }
            let answered = sent.remove(at: index)
            guard let fork = answered.fork else { return [] }
            if answered.expires > 0 {
                // The refresh that had to be waited for.
                return forks.firstIndex { $0.tag == fork }.map { refresh(at: $0) } ?? []
            }
            // A success is followed by the last notification.
            return response.isSuccess ? [] : drop(fork, .unsubscribed)
        case .failed(let label, let status):
            return leaving(.response(label, SIPResponse(status)), now)
        }
    }

    private func ended(_ input: Input) -> Effects {
        switch input {
        case .request(let id, let request): refuse(id, request, 481)
        case .subscribe, .refresh, .unsubscribe, .response, .failed: [.ignore("after the end")]
        }
    }

    public mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch (timer, phase) {
        case (.n, .running) where forks.isEmpty: return end(.silent)
        case (.n, .leaving): return end(.unsubscribed)
        case (.refresh(let fork), .running):
            guard let index = forks.firstIndex(where: { $0.tag == fork }) else { break }
            return refresh(at: index)
        case (.expiry(let fork), .running), (.expiry(let fork), .leaving):
            return drop(fork, phase == .leaving || plan.expires == 0 ? .unsubscribed : .expired)
        case (.n, _), (.refresh, _), (.expiry, _): break
        }
        return [.ignore("a timer of another state")]
    }
}
