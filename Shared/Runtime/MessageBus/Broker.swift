internal import CZeroMQ
package import Logging
package import Metrics

/// The broker: libzmq's own proxy between publishers and subscribers.
///
/// It holds nothing and may die at any time.
package final class Broker: Sendable {
    private let context: ZeroMQContext
    private let controlAddress: String
    private let finished: ThreadEnd
    private let gate: BrokerGate?

    /// Binds the endpoint and begins to carry parcels; with `curve` only between those whom it admits, encrypted.
    ///
    /// - Throws: ``BusError`` when an address cannot be bound, or when it can be reached from other hosts and there is
    ///   no `curve`.
    package init(
        _ endpoint: BusEndpoint,
        curve: CurveServer? = nil,
        context: ZeroMQContext,
        logger: Logger,
        metrics: any MetricsFactory = MetricsSystem.factory
    ) throws(BusError) {
        guard curve != nil || !endpoint.isPublic else { throw BusError(.unencrypted, endpoint.publishing) }
        self.context = context
        controlAddress = "inproc://broker-control-\(UInt64.random(in: .min ... .max))"
        let places: [(ZeroMQSocket.Kind, String)] = [
            (.subscribeProxy, endpoint.publishing), (.publishProxy, endpoint.subscribing),
            (.pair, controlAddress),
        ]
        var (sockets, gate): ([ZeroMQSocket], BrokerGate?) = ([], nil)
        do throws(BusError) {
            for (kind, _) in places {
                sockets.append(try ZeroMQSocket(kind, in: context, curve: curve.map(CurveRole.server)))
            }
            // Before anybody can come: libzmq lets all in while there is no gate.
            if let curve {
                let guarded = Array(sockets[..<2])
                gate = try BrokerGate(curve, of: guarded, context: context, logger: logger, metrics: metrics)
            }
            for (socket, (_, address)) in zip(sockets, places) { try socket.bind(address) }
        } catch {
            for socket in sockets { socket.endWatch() }
            for socket in sockets { socket.close() }
            gate?.end()
            throw error
        }
        self.gate = gate
        finished = ThreadEnd()
        let (front, back, control) = (sockets[0], sockets[1], sockets[2])
        BusThread.start("causeway-broker") { [finished] in
            unsafe zmq_proxy_steerable(front.pointer, back.pointer, nil, control.pointer)
            for socket in [front, back] { socket.endWatch() }
            for socket in [front, back, control] { socket.close() }
            finished.signal()
        }
        logger.info(
            "broker ready",
            metadata: [
                "publish": "\(endpoint.publishing)", "subscribe": "\(endpoint.subscribing)",
                "encrypted": "\(curve != nil)",
            ]
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
        await gate?.close()
    }
}
