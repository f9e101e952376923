import BusContract
import MessageBus
import NIOCore
import Synchronization
import XMPPEdge
import XMPPGrammar

/// A bus of one test: remembers what the edge delivers, answers as the test says, and hands the edge work.
///
/// Used on the edge's event loop, but for what the test reads.
final class FakeBus: Courier, @unchecked Sendable {
    // What is not behind a lock is touched on the edge's event loop alone.
    let deliveries: AsyncStream<Delivery>
    private let continuation: AsyncStream<Delivery>.Continuation
    private let loop: any EventLoop
    private let answer: (Delivery, ServiceName) -> Outcome?
    private var handler: ((Delivery, @escaping (Outcome?) -> Void) -> Void)?
    private var held: [(Outcome) -> Void] = []
    private var waiting: [() -> Void] = []
    private var window: Int

    /// `answer`: what comes of a delivery; nil holds it until ``release(_:)``.
    init(
        loop: any EventLoop,
        window: Int = .max,
        answer: @escaping (Delivery, ServiceName) -> Outcome? = { _, _ in .ok(nil) }
    ) {
        self.loop = loop
        self.window = window
        self.answer = answer
        (deliveries, continuation) = AsyncStream.makeStream()
    }

    var hasRoom: Bool { held.count < window }

    func deliver(_ delivery: Delivery, to service: ServiceName, completion: @escaping (Outcome) -> Void) {
        guard hasRoom else { return completion(.busy(retryAfter: .seconds(1))) }
        if let outcome = answer(delivery, service) {
            completion(outcome)
        } else {
            held.append(completion)
        }
        continuation.yield(delivery)
    }

    func take(
        _ service: ServiceName,
        isShared: Bool,
        handler: @escaping (Delivery, @escaping (Outcome?) -> Void) -> Void
    ) {
        self.handler = handler
    }

    let instance = "edge-1"

    func watchOffers(_ handler: @escaping (ServiceOffer) -> Void) {
        handler(ServiceOffer(.instantMessaging))
        handler(ServiceOffer(ServiceName("software-version"), queries: [Namespace.softwareVersion]))
    }

    func whenRoom(_ body: @escaping () -> Void) {
        if hasRoom { body() } else { waiting.append(body) }
    }

    /// Ends the deliveries that are held.
    func release(_ outcome: Outcome) async throws {
        try await loop.submit { [self] in
            let ended = held
            held = []
            for completion in ended { completion(outcome) }
            let bodies = waiting
            waiting = []
            for body in bodies { body() }
        }.get()
    }

    /// Gives the edge a stanza to send; what came of it.
    func send(_ stanza: Element, patience: Duration = .seconds(20)) async throws -> Outcome {
        try await send(payload: .stanza(stanza), patience: patience)
    }

    /// Gives the edge stanzas to send, in this order; what came of each.
    func send(_ stanzas: [Element]) async throws -> [Outcome] {
        let futures = stanzas.map { begin(.stanza($0), .seconds(20)) }
        return try await EventLoopFuture.whenAllSucceed(futures, on: loop).get()
    }

    func send(payload: Payload, patience: Duration = .seconds(20)) async throws -> Outcome {
        try await begin(payload, patience).get()
    }

    private func begin(_ payload: Payload, _ patience: Duration) -> EventLoopFuture<Outcome> {
        let promise = loop.makePromise(of: Outcome.self)
        loop.execute { [self] in
            var generator = SystemRandomNumberGenerator()
            let delivery = Delivery(
                id: DeliveryID(using: &generator),
                key: ConversationKey("test"),
                patience: patience,
                payload: payload
            )
            handler?(delivery) { promise.succeed($0 ?? .failed(Failure(.internal, "left to nobody"))) }
        }
        return promise.futureResult
    }

    /// Nothing more is delivered: who waits for the next stanza learns that there is none.
    func finish() { continuation.finish() }

    /// The next stanza that came in, with what the edge knows about it.
    func next(where isWanted: (Element) -> Bool = { _ in true }) async -> StanzaArrival? {
        for await delivery in deliveries {
            guard case .stanzaArrival(let arrival) = delivery.payload, isWanted(arrival.stanza) else {
                continue
            }
            return arrival
        }
        return nil
    }
}
