internal import CZeroMQ
package import Logging

/// The broker: libzmq's own proxy between publishers and subscribers.
///
/// It holds nothing and may die at any time.
package final class Broker: Sendable {
    private let context: ZeroMQContext
    private let controlAddress: String
    private let finished: ThreadEnd

    /// Binds the endpoint and begins to carry parcels.
    ///
    /// - Throws: ``BusError`` when an address cannot be bound, or when it can be reached from other hosts.
    package init(_ endpoint: BusEndpoint, context: ZeroMQContext, logger: Logger) throws(BusError) {
        guard !endpoint.isPublic else { throw BusError(.unencrypted, endpoint.publishing) }
        self.context = context
        controlAddress = "inproc://broker-control-\(UInt64.random(in: .min ... .max))"
        let front = try ZeroMQSocket(.subscribeProxy, in: context, boundTo: endpoint.publishing)
        let back = try ZeroMQSocket(.publishProxy, in: context, boundTo: endpoint.subscribing)
        let control = try ZeroMQSocket(.pair, in: context, boundTo: controlAddress)
        finished = ThreadEnd()
        BusThread.start("causeway-broker") { [finished] in
            unsafe zmq_proxy_steerable(front.pointer, back.pointer, nil, control.pointer)
            for socket in [front, back, control] { socket.close() }
            finished.signal()
        }
        logger.info(
            "broker ready",
            metadata: ["publish": "\(endpoint.publishing)", "subscribe": "\(endpoint.subscribing)"]
        )
    }

    /// Carries on for a while, so that services that are told to end at the same time can finish what they have begun.
    ///
    /// The time is longer than the first repeats of a delivery are apart, and at most `grace`; whoever is still busy
    /// then goes on with the next broker.
    package func linger(within grace: Duration) async {
        do {
            try await Task.sleep(for: min(grace, .seconds(3)))
        } catch {
            // Cancelled: the process ends without grace.
        }
    }

    /// Ends the proxy and waits for its thread.
    package func close() async {
        do throws(BusError) {
            let control = try ZeroMQSocket(.pair, in: context)
            try control.connect(controlAddress)
            control.send("TERMINATE")
            control.close()
        } catch {
            // Only a context that is being torn down refuses; the proxy ends with it.
        }
        await finished.wait()
    }
}
