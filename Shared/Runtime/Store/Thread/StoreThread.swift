import Foundation
import Synchronization

/// A store's calls on any task, carried to a thread of its own: no thread of the pool and no event loop ever waits.
package final class StoreThread: Sendable {
    /// Makes the session on the store's thread, where it stays.
    typealias Opening = @Sendable (StoreInbox) throws(StoreError) -> any StoreSession

    /// How many shards are loaded at one go; renewals and writes pass between.
    private static let loadStride = 8

    private let inbox: StoreInbox
    private let end: StoreEnd
    private let metrics: StoreMetrics
    private let patience: Duration

    /// Starts the thread and opens the store on it.
    init(
        named name: String,
        patience: Duration,
        metrics: StoreMetrics,
        opening: @escaping Opening
    ) async throws(StoreError) {
        let inbox = StoreInbox()
        let end = StoreEnd()
        self.inbox = inbox
        self.end = end
        self.metrics = metrics
        self.patience = patience
        let failure: StoreError? = await withCheckedContinuation { continuation in
            let thread = Thread {
                do throws(StoreError) {
                    let worker = StoreWorker(session: try opening(inbox), inbox: inbox, metrics: metrics)
                    continuation.resume(returning: nil)
                    worker.run()
                } catch {
                    metrics.failed(error)
                    continuation.resume(returning: error)
                }
                end.signal()
            }
            thread.name = name
            thread.start()
        }
        if let failure { throw failure }
    }

    deinit {
        inbox.shut()
    }

    /// Does something on the store's thread, after all that was asked before.
    func call<Answer: Sendable>(
        _ body:
            @escaping @Sendable (any StoreSession, ContinuousClock.Instant) throws(StoreError) -> Answer
    ) async throws(StoreError) -> Answer {
        let deadline = ContinuousClock.now + patience
        let result: Result<Answer, StoreError> = await withCheckedContinuation { continuation in
            let call = StoreCall(deadline: deadline) { [metrics] session in
                let result = Result { () throws(StoreError) in try body(session, deadline) }
                if case .failure(let error) = result { metrics.failed(error) }
                continuation.resume(returning: result)
            }
            if let refusal = inbox.put(.call(call)) {
                metrics.failed(refusal)
                continuation.resume(returning: .failure(refusal))
            }
        }
        return try result.get()
    }

    /// Writes, in one transaction with what others write at the time.
    func write(_ writes: [ConversationWrite]) async throws(StoreError) -> [WriteResult] {
        guard !writes.isEmpty else { return [] }
        let deadline = ContinuousClock.now + patience
        let result: Result<[WriteResult], StoreError> = await withCheckedContinuation { continuation in
            let ticket = WriteTicket(deadline: deadline, writes: writes) {
                continuation.resume(returning: $0)
            }
            if let refusal = inbox.put(.write(ticket)) {
                metrics.failed(refusal)
                continuation.resume(returning: .failure(refusal))
            }
        }
        return try result.get()
    }

    /// Loads a few shards at a time.
    func load(service: String, shards: [UInt8]) async throws(StoreError) -> [UInt8: [ConversationRow]] {
        var loaded: [UInt8: [ConversationRow]] = [:]
        var rest = Set(shards).sorted()[...]
        while !rest.isEmpty {
            let few = Array(rest.prefix(Self.loadStride))
            rest = rest.dropFirst(Self.loadStride)
            let rows = try await call { session, deadline throws(StoreError) in
                try session.load(service: service, shards: few, by: deadline)
            }
            loaded.merge(rows) { $1 }
        }
        return loaded
    }

    /// Lets nobody in any more and waits until all that was asked is answered.
    func close() async {
        inbox.shut()
        await end.wait()
    }
}
