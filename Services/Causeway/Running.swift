import Bus
import Logging
import MessageBus
import NIOCore
import NIOPosix
import Resolver
import SIPEdge
import ServiceKit
import Settings
import Store
import XMPPEdge

/// The parts of this process while they run.
struct Running: Sendable {
    /// Whether the bus is inside this process, so that nobody else could take over what it leaves.
    let isWhole: Bool
    let resolver: UnboundResolver
    let group: MultiThreadedEventLoopGroup
    private let context: ZeroMQContext
    var broker: BrokerService?
    var clients: [BusClient] = []
    var holders: [ShardHolder] = []
    /// Give each translator new settings.
    var translators: [@Sendable (Settings) async -> Void] = []
    var store: (any Store)?
    var certificates: Certificates?
    var sipEdge: SIPEdge?
    var xmppEdge: XMPPEdge?

    init(
        isWhole: Bool,
        resolver: UnboundResolver,
        group: MultiThreadedEventLoopGroup,
        context: ZeroMQContext
    ) {
        self.isWhole = isWhole
        self.resolver = resolver
        self.group = group
        self.context = context
    }

    /// Drains: no new work, what is in flight finishes within `grace`, everything closes.
    func finish(within grace: Duration, _ logger: Logger) async {
        logger.info("draining", metadata: ["grace": "\(grace)"])
        // Alone, a part leaves new work of the bus to its successors; a whole gateway has none and finishes it.
        if !isWhole { for client in clients { client.loop.execute { client.retire() } } }
        await withTaskGroup(of: Void.self) { group in
            if let sipEdge { group.addTask { await sipEdge.drain(grace: grace) } }
            if let xmppEdge { group.addTask { await xmppEdge.stop(grace: grace) } }
            // What the edges of this process finish is this process's translators' work.
            if !isWhole { leave(&group, within: grace) }
            for client in clients { group.addTask { await client.settle(within: grace) } }
        }
        if isWhole { await withTaskGroup(of: Void.self) { group in leave(&group, within: grace) } }
        await sipEdge?.stop()
        for client in clients { await client.close() }
        await store?.close()
        await broker?.linger(within: grace)
        await broker?.close()
        await context.terminate()
        resolver.shutdown()
        logger.info("ended")
    }

    private func leave(_ group: inout TaskGroup<Void>, within grace: Duration) {
        for holder in holders { group.addTask { await holder.leave(within: grace) } }
    }
}

extension BusClient {
    /// Waits until nothing is in flight, or for as long as `grace`.
    fileprivate func settle(within grace: Duration) async {
        let done = loop.makePromise(of: Void.self)
        loop.execute {
            let timer = self.loop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: TimeAmount(grace)) {
                done.succeed()
            }
            self.idle().whenSuccess {
                timer.cancel()
                done.succeed()
            }
        }
        try? await done.futureResult.get()
    }
}
