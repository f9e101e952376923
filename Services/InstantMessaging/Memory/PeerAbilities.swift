import MachineKit

/// What a SIP peer was found to understand; remembered for a day (MAPPING 4.5 and 10.1).
struct PeerAbilities: Hashable, Sendable {
    /// Whether the peer reads `multipart/alternative` with HTML in it.
    private enum Markup: Hashable, Sendable {
        case unknown
        /// It sent such a body itself.
        case understood(until: Moment)
        /// It answered 415 to one.
        case refused(until: Moment)
    }

    static let life = Duration.seconds(24 * 3600)

    private var markup = Markup.unknown

    var isEmpty: Bool { markup == .unknown }

    /// The moment from which nothing is remembered.
    var end: Moment {
        switch markup {
        case .unknown: .start
        case .understood(let until), .refused(let until): until
        }
    }

    func understandsMarkup(at now: Moment) -> Bool {
        if case .understood(let until) = markup { until > now } else { false }
    }

    /// A body with markup came from the peer.
    ///
    /// One that has refused ours is believed the longer.
    mutating func sentMarkup(at now: Moment) {
        if case .refused(let until) = markup, until > now { return }
        markup = .understood(until: now + Self.life)
    }

    mutating func refusedMarkup(at now: Moment) {
        markup = .refused(until: now + Self.life)
    }

    mutating func forgetExpired(at now: Moment) {
        if end <= now { markup = .unknown }
    }
}
