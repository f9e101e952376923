import BusContract
import Foundation
import Glibc
import Logging
import MachineKit
import MessageBus
import NIOCore
import NIOPosix
import ServiceKit
import Store
import TranslatorKit

/// What durable conversations cost while nothing happens to them, and when their shards change hands.
enum Replicas {
    private static let conversations = 100_000

    static func measure() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "causeway-replicas-\(getpid())"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("causeway.db").path
        let site = Site(path: path)
        let first = try await site.replica("first")
        try await site.untilOwned(by: first)
        try await site.fill(conversations)
        let memory = residentMegabytes()
        let second = try await site.replica("second")
        let started = ContinuousClock.now
        try await site.leave(first)
        try await site.untilOwned(by: second)
        let took = ContinuousClock.now - started
        print("| hand over 256 shards with \(conversations) durable conversations | \(took) | | |")
        print(
            "| resident with \(conversations) durable conversations that were all used once | \(memory) MB | | |"
        )
        print("| resident of both owners after the hand-over | \(residentMegabytes()) MB | | |")
    }

    private static func residentMegabytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") } ?? ""
        return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1_024
    }
}

/// A durable conversation of some two hundred octets that counts what it is told.
private struct Tally: DurableTranslator {
    struct Conversation: Machine, Codable {
        typealias Input = Stimulus
        typealias Output = Action
        enum Timer: Hashable, Sendable, Codable { case never }

        var count = 0
        var peers = [
            "sip:romeo@sip.example;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "juliet@wonder.example/balcony",
        ]

        mutating func handle(_ input: Stimulus, at now: Moment) -> Effects {
            guard case .delivery(let delivery) = input else { return [] }
            count += 1
            return [.send(.reply(to: delivery.id, .ok(nil)))]
        }

        mutating func fired(_ timer: Timer, at now: Moment) -> Effects { [] }
    }

    let service = ServiceName("tally")
    let stateVersion = 1
    func conversation(_ key: ConversationKey) -> Conversation { Conversation() }
    func isOver(_ conversation: Conversation) -> Bool { false }
    func isDurable(_ conversation: Conversation) -> Bool { true }
}

/// Replicas and one who asks them, on a bus inside this process.
private struct Site {
    typealias Replica = NIOLoopBound<TranslatorHost<Tally>>

    let path: String
    private let bus = LocalBus()
    private let loop = MultiThreadedEventLoopGroup.singleton.any()
    private let logger = Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }
    private let asker: BusClient

    init(path: String) {
        self.path = path
        asker = BusClient(instance: "asker", link: bus.link(), loop: loop, logger: logger)
    }

    func replica(_ name: String) async throws -> Replica {
        let store = try await SQLiteStore(path: path)
        let client = BusClient(instance: name, link: bus.link(), loop: loop, logger: logger)
        return try await loop.submit { [loop, logger] in
            let host = TranslatorHost(durable: Tally(), on: client, store: store, logger: logger)
            host.start()
            return NIOLoopBound(host, eventLoop: loop)
        }.get()
    }

    func untilOwned(by replica: Replica) async throws {
        let promise = loop.makePromise(of: Void.self)
        loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(1)) { task in
            guard replica.value.holder?.count == 256 else { return }
            task.cancel()
            promise.succeed()
        }
        try await promise.futureResult.get()
    }

    func leave(_ replica: Replica) async throws {
        try await loop.flatSubmit { [loop] in
            let holder = replica.value.holder
            return loop.makeFutureWithTask { await holder?.leave(within: .seconds(5)) }
        }.get()
    }

    /// One delivery for each conversation, so many at a time as the window holds.
    func fill(_ count: Int) async throws {
        for start in stride(from: 0, to: count, by: 2_000) {
            let promise = loop.makePromise(of: Void.self)
            loop.execute { [asker] in
                var left = 2_000
                for number in start..<start + 2_000 {
                    let delivery = Delivery(
                        id: DeliveryID(high: 1, low: UInt64(number)),
                        key: ConversationKey("conversation \(number)"),
                        patience: .seconds(30),
                        payload: .opaque(type: "benchmark.Number", [1])
                    )
                    asker.deliver(delivery, to: ServiceName("tally")) { _ in
                        left -= 1
                        if left == 0 { promise.succeed() }
                    }
                }
            }
            try await promise.futureResult.get()
        }
    }
}
