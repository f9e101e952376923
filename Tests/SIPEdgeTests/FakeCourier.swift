import BusContract
import MessageBus
import SIPEdge
import SIPGrammar

/// A bus of one test: keeps what is delivered, and answers when told to or by itself.
final class FakeCourier: Courier, @unchecked Sendable {
    // Touched on one event loop, or by one test.

    struct Sending {
        var delivery: Delivery
        var service: ServiceName
        var completion: (Outcome) -> Void
    }

    private(set) var sendings: [Sending] = []
    private(set) var handlers: [ServiceName: (Delivery, @escaping (Outcome?) -> Void) -> Void] = [:]
    var hasRoom = true
    /// What every delivery ends with at once; nil leaves it open.
    var answer: Outcome?
    var onDelivery: (Delivery) -> Void = { _ in }

    func deliver(_ delivery: Delivery, to service: ServiceName, completion: @escaping (Outcome) -> Void) {
        sendings.append(Sending(delivery: delivery, service: service, completion: completion))
        onDelivery(delivery)
        if let answer { completion(answer) }
    }

    func take(
        _ service: ServiceName,
        isShared: Bool,
        handler: @escaping (Delivery, @escaping (Outcome?) -> Void) -> Void
    ) {
        handlers[service] = handler
    }

    let instance = "edge-1"
    /// What the services of this bus offer.
    var offers = [
        ServiceOffer(.instantMessaging, claims: [SIPClaim(.message)], accept: ["text/plain", "text/html"])
    ]
    private var offerWatchers: [(ServiceOffer) -> Void] = []

    func watchOffers(_ handler: @escaping (ServiceOffer) -> Void) {
        offerWatchers.append(handler)
        for offer in offers { handler(offer) }
    }

    func whenRoom(_ body: @escaping () -> Void) { body() }

    func end(_ index: Int, _ outcome: Outcome) {
        sendings[index].completion(outcome)
    }
}
