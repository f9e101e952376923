package import BusContract

/// The bus, as an edge sees it: it delivers work and takes work in, all on the edge's event loop.
package protocol Courier: AnyObject {
    /// Sends work to a service and says once how it ended, perhaps before it returns.
    func deliver(_ delivery: Delivery, to service: ServiceName, completion: @escaping (Outcome) -> Void)

    /// Takes a service's work from now on: all of it, or, where replicas share it, that of the shards that are ours.
    ///
    /// The second argument of the handler ends the work, once: with its outcome, or with nil, which leaves it to another
    /// replica. Whoever asks again is then heard as if for the first time.
    func take(
        _ service: ServiceName,
        isShared: Bool,
        handler: @escaping (Delivery, @escaping (Outcome?) -> Void) -> Void
    )

    /// Names this edge's process for good; what is meant for it alone comes to the service ``ServiceName/edge(_:instance:)``.
    var instance: String { get }

    /// Calls `handler` with each offer of a service that is told.
    func watchOffers(_ handler: @escaping (ServiceOffer) -> Void)

    /// Whether a delivery would be taken.
    var hasRoom: Bool { get }

    /// Calls `body` once, when there is room.
    func whenRoom(_ body: @escaping () -> Void)
}

extension BusClient: Courier {
    package func take(
        _ service: ServiceName,
        isShared: Bool,
        handler: @escaping (Delivery, @escaping (Outcome?) -> Void) -> Void
    ) {
        serve(service, isShared: isShared) { delivery, responder in
            handler(delivery) { outcome in
                if let outcome { responder.reply(outcome) } else { responder.abandon() }
            }
        }
    }
}
