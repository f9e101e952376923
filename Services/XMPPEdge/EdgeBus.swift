package import BusContract

/// What the edge needs of the bus; everything on the edge's event loop.
package protocol EdgeBus: AnyObject {
    /// Sends work to a service; `completion` is called exactly once.
    func deliver(
        _ delivery: Delivery,
        to service: ServiceName,
        completion: @escaping (Outcome) -> Void
    )
    /// Takes a service's work; each delivery must lead to exactly one call of the closure that comes with it.
    func serve(_ service: ServiceName, handler: @escaping (Delivery, @escaping (Outcome) -> Void) -> Void)
    /// Whether a delivery would be taken.
    var hasRoom: Bool { get }
    /// Calls `body` once, when there is room.
    func whenRoom(_ body: @escaping () -> Void)
}
