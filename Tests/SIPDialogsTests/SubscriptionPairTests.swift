import MachineKit
import SIPDialogs
import SIPGrammar
import TestKit
import Testing

/// A subscriber and a notifier with a network between them that delays and overtakes by a seed.
struct SubscriptionPairTests {
    @Test(arguments: 0..<300)
    func `both ends come to the same, and the last word is heard`(seed: UInt64) {
        var pair = Pair(seed: seed)
        pair.run()
        #expect(pair.subscriber.isOver, "seed \(seed)")
        #expect(pair.notifier.isOver, "seed \(seed)")
        #expect(pair.heard == pair.told, "seed \(seed)")
    }
}

private struct Pair {
    enum Event: Hashable, Sendable {
        case subscriber(Subscriber.Timer)
        case notifier(Notifier.Timer)
        case mail(Int)
        case tell
        case leave
    }

    enum Letter {
        case toSubscriber(Subscriber.Input)
        case toNotifier(Notifier.Input)
    }

    var subscriber: Subscriber
    var notifier: Notifier
    /// The number of the last state that either end knows.
    var told = 0
    var heard = 0
    private var events = TimerTable<Event>()
    private var mail: [Int: Letter] = [:]
    private var labels: [RequestID: RequestLabel] = [:]
    private var dice: SplitMix64
    private var serial = 0
    private var now = Moment.start

    init(seed: UInt64) {
        dice = SplitMix64(seed: seed)
        let plan = Subscription(
            callID: "sub",
            localTag: "a",
            from: SIPNameAddress("<sip:alice@a.example>")!,
            to: SIPNameAddress("<sip:bob@b.example>")!,
            contact: SIPNameAddress("<sip:alice@gw.example>")!,
            event: SIPEvent("presence"),
            accept: [],
            expires: 120
        )
        subscriber = Subscriber(plan, seed: seed)
        notifier = Notifier(
            answeringAs: "b",
            contact: SIPNameAddress("<sip:bob@gw.example>")!,
            rules: NotifierSettings(packages: ["presence"]),
            seed: seed + 1
        )
    }

    mutating func run() {
        obey(subscriber.handle(.subscribe, at: now))
        for _ in 0..<10 {
            serial += 1
            events.set(.mail(-serial), at: now + .milliseconds(Int64.random(in: 0...600_000, using: &dice)))
        }
        events.set(.leave, at: now + .seconds(600))
        while let moment = events.nextMoment, let (event, _) = events.popDue(at: moment),
            moment.sinceStart < .seconds(9999)
        {
            now = moment
            switch event {
            case .subscriber(let timer): obey(subscriber.fired(timer, at: now))
            case .notifier(let timer): obey(notifier.fired(timer, at: now))
            case .mail(let number) where number < 0: tell()
            case .mail(let number): open(number)
            case .tell: tell()
            case .leave: obey(subscriber.handle(.unsubscribe, at: now))
            }
        }
    }

    private mutating func open(_ number: Int) {
        switch mail.removeValue(forKey: number) {
        case .toSubscriber(let input): obey(subscriber.handle(input, at: now))
        case .toNotifier(let input): obey(notifier.handle(input, at: now))
        case nil: break
        }
    }

    private mutating func tell() {
        guard let body = nextState else { return }
        let effects = notifier.handle(.notify(.active, body), at: now)
        if effects == [.ignore("nobody to tell")] { told -= 1 }
        obey(effects)
    }

    private var nextState: Notification? {
        mutating get {
            guard notifier.subscription != nil else { return nil }
            told += 1
            return Notification("text/plain", Array("\(told)".utf8))
        }
    }

    private mutating func obey(_ effects: Subscriber.Effects) {
        for effect in effects {
            switch effect {
            case .set(let timer, at: let moment): events.set(.subscriber(timer), at: moment)
            case .cancel(let timer): events.cancel(.subscriber(timer))
            case .ignore: break
            case .send(.request(let label, let request)):
                let id = RequestID("a\(label)")
                labels[id] = label
                post(.toNotifier(.request(id, request)))
            case .send(.respond(let id, let response)):
                if let label = labels[id] { post(.toNotifier(.response(label, response))) }
            case .send(.event(.notified(_, let body, fork: _))):
                if let body { heard = Int(String(decoding: body.octets, as: UTF8.self)) ?? heard }
            case .send(.event): break
            }
        }
    }

    private mutating func obey(_ effects: Notifier.Effects) {
        for effect in effects {
            switch effect {
            case .set(let timer, at: let moment): events.set(.notifier(timer), at: moment)
            case .cancel(let timer): events.cancel(.notifier(timer))
            case .ignore: break
            case .send(.request(let label, let request)):
                let id = RequestID("b\(label)")
                labels[id] = label
                post(.toSubscriber(.request(id, request)))
            case .send(.respond(let id, let response)):
                if let label = labels[id] { post(.toSubscriber(.response(label, response))) }
            case .send(.event(.subscribed)):
                obey(notifier.handle(.accept(.active, nextState), at: now))
            case .send(.event(.stateWanted)), .send(.event(.unsubscribed)):
                events.set(.tell, at: now + .milliseconds(Int64.random(in: 0...900, using: &dice)))
            case .send(.event): break
            }
        }
    }

    private mutating func post(_ letter: Letter) {
        serial += 1
        mail[serial] = letter
        events.set(.mail(serial), at: now + .milliseconds(Int64.random(in: 1...400, using: &dice)))
    }
}
