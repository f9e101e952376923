package import BusContract
import Metrics
import NIOCore

/// What a client that shares a service with others does besides.
extension BusClient {
    /// How often a client looks whether it hears a topic yet, at first and later.
    private static let firstProbes = 50
    private static let probing = (soon: TimeAmount.milliseconds(5), later: TimeAmount.milliseconds(500))

    /// Takes the work of these shards from now on.
    ///
    /// Senders are told as soon as what they publish is heard here, so that they repeat at once what is theirs.
    package func own(_ shards: Set<UInt8>, of service: ServiceName) {
        loop.assertInEventLoop()
        let fresh = shards.subtracting(owned[service, default: []])
        owned[service, default: []].formUnion(fresh)
        for shard in fresh.sorted() { link.subscribe(Topic(service, shard: shard).name) }
        // Subscriptions take effect in their order: when the last one does, all have.
        guard let last = fresh.max() else { return }
        probe(Topic(service, shard: last), fresh, of: service, tries: 0)
    }

    /// Leaves the work of these shards to another from now on.
    ///
    /// What is being worked on goes on and is answered here.
    package func disown(_ shards: Set<UInt8>, of service: ServiceName) {
        loop.assertInEventLoop()
        for shard in shards.intersection(owned[service, default: []]) {
            link.unsubscribe(Topic(service, shard: shard).name)
        }
        owned[service, default: []].subtract(shards)
    }

    /// Shards of a service of which something is being worked on.
    package func busyShards(of service: ServiceName) -> Set<UInt8> {
        Set(working[service, default: [:]].filter { $0.value > 0 }.keys)
    }

    /// Calls `handler` whenever it is told that shards of a service have changed hands.
    package func watchMoves(of service: ServiceName, _ handler: @escaping (ShardMove) -> Void) {
        loop.assertInEventLoop()
        watchers[service, default: []].append(handler)
    }

    /// Tells the others that there are shards to be claimed.
    package func announceGivenBack(_ service: ServiceName) {
        loop.assertInEventLoop()
        announce(.givenBack(service), of: service)
    }

    /// Whether replicas share a service, so that its shards come and go.
    func isShared(_ service: ServiceName) -> Bool { !owned.isEmpty && owned[service] != nil }

    /// Whether this client may work on what came for a shard.
    func hears(_ service: ServiceName, _ shard: UInt8) -> Bool {
        owned[service]?.contains(shard) ?? true
    }

    /// What other clients tell of shards; what we told ourselves is no news.
    func heed(_ moves: [ShardMove]) {
        for move in moves {
            switch move {
            case .taken(let shards, of: let service):
                obey(outbox.handle(.moved(service, shards), at: .now))
                for watcher in watchers[service, default: []] { watcher(move) }
            case .givenBack(let service):
                for watcher in watchers[service, default: []] { watcher(move) }
            }
        }
    }

    /// A parcel of our own with nothing in it has come back: we hear this topic.
    func heardProbe(_ topic: Topic) {
        guard let (service, shards) = probes.removeValue(forKey: topic) else { return }
        announce(.taken(shards.intersection(owned[service, default: []]), of: service), of: service)
    }

    private func probe(_ topic: Topic, _ shards: Set<UInt8>, of service: ServiceName, tries: Int) {
        probes[topic] = (service, shards)
        link.publish([Mail(topic: topic, parcel: Parcel(sender: instance), route: tries)])
        let pause = tries < Self.firstProbes ? Self.probing.soon : Self.probing.later
        loop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: pause) { [weak self] in
            guard let self, probes[topic] != nil, owned[service, default: []].contains(where: shards.contains)
            else {
                return
            }
            probe(topic, shards, of: service, tries: tries + 1)
        }
    }

    private func announce(_ move: ShardMove, of service: ServiceName) {
        link.publish([
            Mail(topic: Topic(shardsOf: service), parcel: Parcel(sender: instance, moves: [move]), route: 0)
        ])
    }
}
