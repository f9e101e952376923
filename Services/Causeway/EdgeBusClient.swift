import BusContract
import MessageBus
import XMPPEdge

/// A bus client as the edges want it.
final class EdgeBusClient: EdgeBus {
    private let client: BusClient

    init(_ client: BusClient) {
        self.client = client
    }

    var hasRoom: Bool { client.hasRoom }

    func deliver(_ delivery: Delivery, to service: ServiceName, completion: @escaping (Outcome) -> Void) {
        client.deliver(delivery, to: service, completion: completion)
    }

    func serve(_ service: ServiceName, handler: @escaping (Delivery, @escaping (Outcome) -> Void) -> Void) {
        client.serve(service) { delivery, responder in handler(delivery) { responder.reply($0) } }
    }

    func whenRoom(_ body: @escaping () -> Void) {
        client.whenRoom(body)
    }
}
