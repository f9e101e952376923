import BusContract
import MachineKit
import SIPEdge
import SIPGrammar
import SIPTransactions
import TestKit
import Testing

/// Phones and an edge with a network between them that loses, repeats, delays and reorders by a seed.
///
/// The law: a request is delivered at most once, a phone gets exactly one outcome, that outcome is what the delivery
/// ended with, and whoever is told that it failed for want of an answer may have been delivered, but not twice.
struct LossyNetworkTests {
    @Test(arguments: 0..<60)
    func `every request is delivered at most once and answered exactly once`(seed: UInt64) throws {
        let network = Network(seed: seed, phones: 12)
        try network.run()
        for (number, phone) in network.phones.enumerated() {
            #expect(phone.outcomes.count == 1, "seed \(seed), phone \(number): \(phone.outcomes)")
            #expect(phone.deliveries <= 1, "seed \(seed), phone \(number)")
            if case .response(let status) = phone.outcomes.first {
                #expect(phone.deliveries == 1, "seed \(seed), phone \(number)")
                #expect(status == network.ending(number), "seed \(seed), phone \(number)")
            }
            #expect(
                Set(phone.answers).count <= 1,
                "seed \(seed), phone \(number): a repeat got another answer"
            )
        }
        #expect(network.desk.server.load.pending == 0, "seed \(seed)")
    }
}

private final class Network {
    struct Phone {
        var timed = NonInviteClient(isReliable: false)
        var outcomes: [NonInviteClient.Output] = []
        var deliveries = 0
        var answers: [String] = []
    }

    enum Event: Hashable, Sendable {
        case start(Int)
        case timer(Int, NonInviteClient.Timer)
        case request(Int, copy: Int)
        case response(Int, copy: Int, status: Int)
        case end(delivery: Int)
    }

    let desk = ServerDesk()
    private(set) var phones: [Phone]
    private var events = TimerTable<Event>()
    private var dice: SplitMix64
    private var copies = 0
    private var noticed = 0

    init(seed: UInt64, phones: Int) {
        dice = SplitMix64(seed: seed)
        self.phones = Array(repeating: Phone(), count: phones)
    }

    /// The status that a phone's delivery ends with.
    func ending(_ number: Int) -> Int { number % 3 == 0 ? 404 : 202 }

    func run() throws {
        for number in phones.indices {
            events.set(.start(number), at: .start + .milliseconds(Int64(number) * 50))
        }
        while let moment = events.nextMoment, let (event, _) = events.popDue(at: moment) {
            for heard in desk.wait(moment - desk.now) { travel(heard.text) }
            let before = desk.sent.count
            switch event {
            case .start(let number): obey(phones[number].timed.handle(.start, at: moment), number)
            case .timer(let number, let timer): obey(phones[number].timed.fired(timer, at: moment), number)
            case .request(let number, copy: _): try desk.receive(draft(number))
            case .response(let number, copy: _, let status):
                obey(phones[number].timed.handle(.response(status), at: moment), number)
            case .end(let delivery):
                let number = owner(of: delivery)
                desk.courier.end(delivery, .ok(.sipAnswer(SIPAnswer(ending(number)))))
            }
            for text in desk.sent[before...] { travel(text) }
            noticeDeliveries()
        }
    }

    private func draft(_ number: Int) -> Draft {
        Draft().with {
            $0.callID = "\(number)"
            $0.via = "SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK\(number);rport"
        }
    }

    private func noticeDeliveries() {
        for delivery in noticed..<desk.courier.sendings.count {
            phones[owner(of: delivery)].deliveries += 1
            let delay = Int64.random(in: 0...6_000, using: &dice)
            events.set(.end(delivery: delivery), at: desk.now + .milliseconds(delay))
        }
        noticed = desk.courier.sendings.count
    }

    private func owner(of delivery: Int) -> Int {
        desk.arrival(delivery).flatMap { try? $0.request.headers.callID() }.flatMap { Int($0) } ?? 0
    }

    private func obey(_ effects: NonInviteClient.Effects, _ number: Int) {
        for effect in effects {
            switch effect {
            case .send(.request): send { .request(number, copy: $0) }
            case .send(.response(let status)) where status < 200: break
            case .send(let output): phones[number].outcomes.append(output)
            case .set(let timer, at: let moment): events.set(.timer(number, timer), at: moment)
            case .cancel(let timer): events.cancel(.timer(number, timer))
            case .ignore: break
            }
        }
    }

    private func travel(_ text: String) {
        guard let number = text.field("Call-ID").flatMap({ Int($0) }) else { return }
        let status = text.status
        if status >= 200 { phones[number].answers.append(text) }
        send { .response(number, copy: $0, status: status) }
    }

    private func send(_ event: (Int) -> Event) {
        for _ in 0..<(Int.random(in: 0..<4, using: &dice) == 0 ? 2 : 1) {
            copies += 1
            guard Int.random(in: 0..<100, using: &dice) >= 35 else { continue }
            let delay = Int64.random(in: 1...700, using: &dice)
            events.set(event(copies), at: desk.now + .milliseconds(delay))
        }
    }
}
