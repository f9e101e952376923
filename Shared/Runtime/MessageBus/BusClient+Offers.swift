package import BusContract
import NIOCore

/// How services tell each other what they can do (`event/services/`); lossy, and so told again and again.
extension BusClient {
    /// How often an offer is told.
    private static let interval = TimeAmount.seconds(2)
    /// How often whoever wants to know asks, as long as nobody was heard.
    private static let pause = TimeAmount.milliseconds(50)
    private static let mostTries = 40

    /// Tells everyone what a service of this client can do: now, every two seconds, and whenever somebody asks.
    package func offer(_ offer: ServiceOffer) {
        loop.assertInEventLoop()
        if offered.isEmpty, offerWatchers.isEmpty { link.subscribe(Topic.offers.name) }
        offered.removeAll { $0.service == offer.service }
        offered.append(offer)
        tellOffers()
        guard nextOffer == nil else { return }
        offerLater()
    }

    /// Calls `handler` with each offer that is told, beginning with those that are asked for now.
    package func watchOffers(_ handler: @escaping (ServiceOffer) -> Void) {
        loop.assertInEventLoop()
        if offered.isEmpty, offerWatchers.isEmpty { link.subscribe(Topic.offers.name) }
        offerWatchers.append(handler)
        askForOffers(tries: 0)
    }

    /// Asks until somebody is heard: what is published before a connection to the broker is up is lost.
    private func askForOffers(tries: Int) {
        guard !hasHeardOffers, tries < Self.mostTries else { return }
        link.publish([
            Mail(topic: .offers, parcel: Parcel(sender: instance, asksForOffers: true), route: tries)
        ])
        loop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: Self.pause) { [weak self] in
            self?.askForOffers(tries: tries + 1)
        }
    }

    func heed(_ offers: [ServiceOffer], _ isAsked: Bool) {
        if !offers.isEmpty { hasHeardOffers = true }
        for offer in offers {
            for watcher in offerWatchers { watcher(offer) }
        }
        if isAsked { tellOffers() }
    }

    private func tellOffers() {
        guard !offered.isEmpty else { return }
        link.publish([Mail(topic: .offers, parcel: Parcel(sender: instance, offers: offered), route: 0)])
    }

    private func offerLater() {
        nextOffer = loop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: Self.interval) { [weak self] in
            guard let self else { return }
            nextOffer = nil
            guard !offered.isEmpty else { return }
            tellOffers()
            offerLater()
        }
    }
}
