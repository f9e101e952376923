import BusContract
import Foundation
import Logging
import MessageBus
import NIOCore
import NIOPosix
import ServiceKit
import Store
import Synchronization

/// Replicas of ``Ledger``, the bank that they ask, and someone who asks them, on one bus and one SQLite file.
final class Office: Sendable {
    private struct Replica: Sendable {
        var host: NIOLoopBound<TranslatorHost<Ledger>>
        var link: SeverableLink
        var store: SeverableStore
    }

    private struct Bank: Sendable {
        var isOpen: Bool
        var questions: Set<DeliveryID> = []
        var asked = 0
    }

    private let loop = MultiThreadedEventLoopGroup.singleton.any()
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let bus = LocalBus()
    private let folder: URL
    private let path: String
    private let edge: BusClient
    private let teller: BusClient
    private let bank: Mutex<Bank>
    private let replicas = Mutex<[String: Replica]>([:])
    private let waiting = Mutex<[NIOLoopBound<Responder>]>([])
    private let watch: any Store

    init(bankAnswers: Bool = true) async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("causeway-office-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appendingPathComponent("causeway.db").path
        watch = try await SQLiteStore(path: path)
        bank = Mutex(Bank(isOpen: bankAnswers))
        edge = BusClient(instance: "edge", link: bus.link(), loop: loop, logger: logger)
        teller = BusClient(instance: "bank", link: bus.link(), loop: loop, logger: logger)
        try await loop.submit { [self] in
            teller.serve(ServiceName("bank")) { [self] delivery, responder in
                let isOpen = bank.withLock { bank in
                    bank.questions.insert(delivery.id)
                    bank.asked += 1
                    return bank.isOpen
                }
                if isOpen { return responder.reply(.ok(nil)) }
                waiting.withLock { $0.append(NIOLoopBound(responder, eventLoop: loop)) }
            }
        }.get()
    }

    /// How many different questions the bank was asked.
    var distinctQuestions: Int { bank.withLock(\.questions.count) }

    func join(_ name: String, stateVersion: Int = 1) async throws {
        let link = SeverableLink(bus.link())
        let store = SeverableStore(try await SQLiteStore(path: path))
        let client = BusClient(instance: name, link: link, loop: loop, logger: logger)
        let host = try await loop.submit { [loop, logger] in
            let host = TranslatorHost(
                durable: Ledger(stateVersion: stateVersion),
                on: client,
                store: store,
                logger: logger
            )
            host.start()
            return NIOLoopBound(host, eventLoop: loop)
        }.get()
        replicas.withLock { $0[name] = Replica(host: host, link: link, store: store) }
    }

    /// As kill -9: neither the bus nor the store hears of it any more.
    func kill(_ name: String) {
        let replica = replicas.withLock { $0.removeValue(forKey: name) }
        replica?.link.sever()
        replica?.store.sever()
    }

    func leave(_ name: String) async throws {
        guard let replica = replicas.withLock({ $0.removeValue(forKey: name) }) else { return }
        try await loop.flatSubmit { [loop] in
            let holder = replica.host.value.holder
            return loop.makeFutureWithTask { await holder?.leave(within: .seconds(5)) }
        }.get()
    }

    /// Returns when the replicas own so many shards each, whoever has how many.
    func share(_ shares: [Int]) async throws {
        try await until { [self] in
            replicas.withLock { $0.values.map { $0.host.value.holder?.count ?? 0 }.sorted() }
                == shares.sorted()
        }
    }

    /// How many conversations each replica has.
    func conversations() async throws -> [Int] {
        try await loop.submit { [self] in replicas.withLock { $0.values.map(\.host.value.count) } }.get()
    }

    func ask(_ number: UInt64, round: UInt64 = 0, payload: Int = 1) async throws -> Outcome {
        let delivery = Delivery(
            id: DeliveryID(high: round, low: number),
            key: ConversationKey("key \(number)"),
            patience: .seconds(30),
            payload: Ledger.payload(payload)
        )
        let promise = loop.makePromise(of: Outcome.self)
        loop.execute { [edge] in
            edge.deliver(delivery, to: ServiceName("ledger")) { promise.succeed($0) }
        }
        return try await promise.futureResult.get()
    }

    /// Returns when the bank was asked so often.
    func asked(_ count: Int) async throws {
        try await until { [self] in bank.withLock(\.asked) >= count }
    }

    func openBank() {
        bank.withLock { $0.isOpen = true }
        let responders = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        loop.execute { for responder in responders { responder.value.reply(.ok(nil)) } }
    }

    /// The records of all conversations.
    func states() async throws -> [[UInt8]] {
        try await watch.load(service: "ledger", shards: Array(0...255)).values.flatMap { $0.map(\.state) }
    }

    /// How many conversations are stored.
    func stored() async throws -> Int {
        try await watch.load(service: "ledger", shards: Array(0...255)).values.reduce(0) { $0 + $1.count }
    }

    /// Returns when every conversation that was begun is stored.
    func settleStore() async throws {
        while try await stored() < bank.withLock(\.questions.count) {}
    }

    func close() async {
        for replica in replicas.withLock({ $0 }).values {
            replica.link.sever()
            await replica.store.close()
        }
        await watch.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Looks on the loop, again and again.
    private func until(_ isSo: @escaping @Sendable () -> Bool) async throws {
        let promise = loop.makePromise(of: Void.self)
        loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(2)) { task in
            guard isSo() else { return }
            task.cancel()
            promise.succeed()
        }
        try await promise.futureResult.get()
    }
}
