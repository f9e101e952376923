package import BusContract

/// The bus, as an edge sees it: it delivers work and takes work in, all on the edge's event loop.
package protocol Courier: AnyObject {
    /// Sends work to a service and says once how it ended, perhaps before it returns.
    func deliver(_ delivery: Delivery, to service: ServiceName, completion: @escaping (Outcome) -> Void)
    /// Takes a service's work from now on; the second argument of the handler answers it, once.
    func take(_ service: ServiceName, handler: @escaping (Delivery, @escaping (Outcome) -> Void) -> Void)
    /// Whether a delivery would be taken.
    var hasRoom: Bool { get }
}
