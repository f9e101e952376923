package import BusContract
package import MachineKit
package import SIPGrammar

/// What is known of the services that run, from what they tell every two seconds.
package struct ServiceDirectory {
    /// What can be said of a service.
    package enum Presence: Hashable, Sendable {
        /// It has not been heard of, and there was time enough: it does not run here.
        case absent
        /// It was there and has been silent for so long that work must not wait for it.
        case down
        case running
    }

    /// How long a service may be silent before it is taken to be down: longer than a restart takes.
    package static let silence = Duration.seconds(20)

    private struct Entry {
        var offer: ServiceOffer
        var heard: Moment
    }

    private static let most = 256

    private var entries: [ServiceName: Entry] = [:]
    /// Grows with each change of what is offered, so that what is derived from it can be kept.
    package private(set) var edition = 0

    private let opened: Moment

    package init(at now: Moment) {
        opened = now
    }

    package mutating func heed(_ offer: ServiceOffer, at now: Moment) {
        guard entries[offer.service] != nil || entries.count < Self.most else { return }
        if entries[offer.service]?.offer != offer { edition += 1 }
        entries[offer.service] = Entry(offer: offer, heard: now)
    }

    /// What is offered, by name; what is down too, for it may come back.
    package var offers: [ServiceOffer] {
        entries.values.map(\.offer).sorted { $0.service.name < $1.service.name }
    }

    package func presence(of service: ServiceName, at now: Moment) -> Presence {
        // Whoever has just begun to listen gives everyone the benefit of the doubt.
        guard let entry = entries[service] else { return now - opened > Self.silence ? .absent : .running }
        return now - entry.heard > Self.silence ? .down : .running
    }

    /// The service that has dialogs whose tags begin with a letter, if it says that it takes requests of a method there.
    ///
    /// Whoever sends such a request need not be believed: so it must not be one that a service takes outside dialogs too.
    package func service(minting letter: Character, taking method: SIPMethod) -> ServiceName? {
        entries.values.first { $0.offer.letter == letter && $0.offer.takes(method) }?.offer.service
    }

    /// The service that answers iq payloads of a namespace.
    package func service(answering namespace: String) -> ServiceName? {
        entries.values.first { $0.offer.queries.contains(namespace) }?.offer.service
    }

    /// The service whose minted identifiers begin with a letter.
    package func service(minting letter: Character) -> ServiceName? {
        entries.values.first { $0.offer.letter == letter }?.offer.service ?? ServiceName.minting(letter)
    }
}

extension ServiceOffer {
    private static let beginnings: Set<SIPMethod> = [.invite, .subscribe, .refer]

    /// Whether requests of a method are taken within dialogs.
    fileprivate func takes(_ method: SIPMethod) -> Bool {
        guard !claims.isEmpty else { return false }
        if method == .ack || method == .options || allow.contains(method) { return true }
        return Self.beginnings.contains(method) && claims.contains { $0.method == method }
    }
}
