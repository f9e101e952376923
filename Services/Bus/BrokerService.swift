package import Logging
package import MessageBus

/// The broker as a part of a process: it binds its addresses at once and carries parcels until it is closed.
package struct BrokerService: Sendable {
    private let broker: Broker

    /// Binds the endpoint; with `curve` for those whom it admits, encrypted.
    ///
    /// - Throws: ``BusError`` when an address is in use or must not be used.
    package init(
        _ endpoint: BusEndpoint,
        curve: CurveServer? = nil,
        context: ZeroMQContext,
        logger: Logger
    ) throws(BusError) {
        broker = try Broker(endpoint, curve: curve, context: context, logger: logger)
    }

    /// Carries on for a short while, so that what others have begun can end.
    package func linger(within grace: Duration) async {
        await broker.linger(within: grace)
    }

    /// Ends the broker; whoever uses it notices nothing but a pause until the next one is there.
    package func close() async {
        await broker.close()
    }
}
