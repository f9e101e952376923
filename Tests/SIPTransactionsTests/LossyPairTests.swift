import MachineKit
import SIPTransactions
import TestKit
import Testing

/// A client and a server transaction with a network between them that loses, repeats and delays by a seed.
///
/// The law: whatever the network does, the server's user sees the request at most once, the client's user gets exactly
/// one final outcome, and a success of the client's is one that the server's user gave.
struct LossyPairTests {
    @Test(arguments: 0..<300)
    func `every request is answered exactly once or fails exactly once`(seed: UInt64) {
        var pair = Pair(seed: seed)
        pair.run()
        #expect(pair.passed <= 1, "seed \(seed)")
        #expect(pair.outcomes.count == 1, "seed \(seed): \(pair.outcomes)")
        if pair.outcomes == [.response(202)] { #expect(pair.passed == 1, "seed \(seed)") }
        #expect(pair.client.isTerminated, "seed \(seed)")
    }

    @Test func `a network without loss needs one request and one response`() {
        var pair = Pair(seed: 1, loss: 0, duplication: 0, thinking: 0)
        pair.run()
        #expect(pair.onTheWire == 2)
        #expect(pair.outcomes == [.response(202)])
    }

    @Test func `a network that loses everything ends in a timeout`() {
        var pair = Pair(seed: 1, loss: 100, duplication: 0)
        pair.run()
        #expect(pair.outcomes == [.failed(.timeout)])
        #expect(pair.passed == 0)
    }
}

private struct Pair {
    enum Event: Hashable, Sendable {
        case client(NonInviteClient.Timer)
        case server(NonInviteServer.Timer)
        case requestArrives(Int)
        case responseArrives(Int, status: Int)
        case answer
    }

    var client = NonInviteClient(isReliable: false)
    var server = NonInviteServer(isReliable: false)
    var outcomes: [NonInviteClient.Output] = []
    var passed = 0
    var onTheWire = 0
    private var lastStatus = 0
    private var events = TimerTable<Event>()
    private var dice: SplitMix64
    private let loss: Int
    private let duplication: Int
    private let thinking: Int64
    private var now = Moment.start

    init(seed: UInt64, loss: Int = 40, duplication: Int = 30, thinking: Int64 = 8_000) {
        dice = SplitMix64(seed: seed)
        self.loss = loss
        self.duplication = duplication
        self.thinking = thinking
    }

    mutating func run() {
        obey(client.handle(.start, at: now))
        while let moment = events.nextMoment, let (event, _) = events.popDue(at: moment) {
            now = moment
            switch event {
            case .client(let timer): obey(client.fired(timer, at: now))
            case .server(let timer): obey(server.fired(timer, at: now))
            case .requestArrives: obey(server.handle(.request, at: now))
            case .responseArrives(_, let status): obey(client.handle(.response(status), at: now))
            case .answer:
                lastStatus = 202
                obey(server.handle(.respond(202), at: now))
            }
        }
    }

    private mutating func obey(_ effects: NonInviteClient.Effects) {
        for effect in effects {
            switch effect {
            case .send(.request): travel { .requestArrives($0) }
            case .send(.response(let status)) where status < 200: break
            case .send(let output): outcomes.append(output)
            case .set(let timer, at: let moment): events.set(.client(timer), at: moment)
            case .cancel(let timer): events.cancel(.client(timer))
            case .ignore: break
            }
        }
    }

    private mutating func obey(_ effects: NonInviteServer.Effects) {
        for effect in effects {
            switch effect {
            case .send(.pass):
                passed += 1
                events.set(.answer, at: now + .milliseconds(Int64.random(in: 0...thinking, using: &dice)))
            case .send(.trying):
                lastStatus = 100
                travel { .responseArrives($0, status: 100) }
            case .send(.response), .send(.repeat):
                let status = lastStatus
                travel { .responseArrives($0, status: status) }
            case .send(.failed): break
            case .set(let timer, at: let moment): events.set(.server(timer), at: moment)
            case .cancel(let timer): events.cancel(.server(timer))
            case .ignore: break
            }
        }
    }

    private mutating func travel(_ event: (Int) -> Event) {
        let copies = Int.random(in: 0..<100, using: &dice) < duplication ? 2 : 1
        for _ in 0..<copies {
            onTheWire += 1
            guard Int.random(in: 0..<100, using: &dice) >= loss else { continue }
            events.set(event(onTheWire), at: now + .milliseconds(Int64.random(in: 1...200, using: &dice)))
        }
    }
}
