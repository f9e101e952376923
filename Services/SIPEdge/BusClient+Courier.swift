package import BusContract
package import MessageBus

extension BusClient: Courier {
    package func take(
        _ service: ServiceName,
        handler: @escaping (Delivery, @escaping (Outcome) -> Void) -> Void
    ) {
        serve(service) { delivery, responder in
            handler(delivery) { responder.reply($0) }
        }
    }
}
