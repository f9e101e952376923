import BusContract
import Synchronization

/// The bus inside one process: parcels cross as values, unencoded.
package final class LocalBus: Sendable {
    private struct Subscription: Sendable {
        var prefix: String
        var link: LocalLink
    }

    private let subscriptions = Mutex<[Subscription]>([])

    package init() {}

    /// A new place on this bus.
    package func link() -> any BusLink { LocalLink(bus: self) }

    fileprivate func subscribe(_ link: LocalLink, _ prefix: String) {
        subscriptions.withLock { $0.append(Subscription(prefix: prefix, link: link)) }
    }

    fileprivate func unsubscribe(_ link: LocalLink, _ prefix: String) {
        subscriptions.withLock { $0.removeAll { $0.link === link && $0.prefix == prefix } }
    }

    fileprivate func leave(_ link: LocalLink) {
        subscriptions.withLock { $0.removeAll { $0.link === link } }
    }

    fileprivate func publish(_ mail: [Mail]) {
        let current = subscriptions.withLock(\.self)
        for subscription in current {
            // Most subscriptions are not meant: nothing is made for them. Topics are ASCII.
            var arrivals: [Arrival] = []
            for item in mail where item.topic.name.hasPrefix(subscription.prefix) {
                arrivals.append(Arrival(topic: item.topic, decoded: Parcel.Decoded(parcel: item.parcel)))
            }
            if !arrivals.isEmpty { subscription.link.hand(arrivals) }
        }
    }
}

/// One service's place on a ``LocalBus``.
private final class LocalLink: BusLink {
    private let bus: LocalBus
    private let receive = Mutex<(@Sendable ([Arrival]) -> Void)?>(nil)

    init(bus: LocalBus) {
        self.bus = bus
    }

    func open(_ receive: @escaping @Sendable ([Arrival]) -> Void) {
        self.receive.withLock { $0 = receive }
    }

    func subscribe(_ prefix: String) {
        bus.subscribe(self, prefix)
    }

    func unsubscribe(_ prefix: String) {
        bus.unsubscribe(self, prefix)
    }

    func publish(_ mail: [Mail]) {
        bus.publish(mail)
    }

    func close() async {
        bus.leave(self)
        receive.withLock { $0 = nil }
    }

    fileprivate func hand(_ arrivals: [Arrival]) {
        receive.withLock(\.self)?(arrivals)
    }
}
