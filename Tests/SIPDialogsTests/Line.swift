import Foundation
import MachineKit
import SIPDialogs
import SIPGrammar
import TestKit

/// Two sessions with a network between them that delays, overtakes and loses by a seed, and two owners who do at random
/// what owners may.
///
/// Lost is only what no transaction would repeat: provisional responses, 2xx to INVITE, and ACKs. Each offer has a name
/// of its own; an answer is named as its offer with a `'` behind.
struct Line {
    enum End: Hashable, Sendable {
        case alice
        case bob

        var other: End { self == .alice ? .bob : .alice }
    }

    enum Event: Hashable, Sendable {
        case timer(End, InviteSession.Timer)
        case mail(Int)
        case act(End, Act)
        case timeout(End, RequestLabel)
    }

    enum Act: Hashable, Sendable {
        case command(SessionCommand)
        /// Whatever is at hand just then.
        case answer(String, fork: String)
        case anything
    }

    struct Party {
        var session: InviteSession
        var isEstablished = false
        var end: SessionEnd?
    }

    struct Open {
        let from: End
        let label: RequestLabel
        let method: SIPMethod
        var final: SIPResponse?
    }

    private(set) var parties: [End: Party]
    /// What should not have happened.
    private(set) var faults: [String] = []
    private(set) var onTheWire = 0
    private var events = TimerTable<Event>()
    private var mail: [Int: (to: End, input: InviteSession.Input)] = [:]
    private var open: [RequestID: Open] = [:]
    private var dice: SplitMix64
    private let loss: Int
    private var serial = 0
    private var now = Moment.start
    private var isBusy = true

    init(seed: UInt64, loss: Int = 30) {
        dice = SplitMix64(seed: seed)
        self.loss = loss
        parties = [
            .alice: Party(session: Phone.caller().session), .bob: Party(session: Phone.callee().session),
        ]
    }

    /// Lets the owners do as they like for a while, then waits until all is quiet.
    mutating func run(for seconds: Int, hangsUp: Bool) {
        let offer = chance(75) ? SessionBody.named(name(.alice)) : nil
        perform(.alice, .start(offer))
        for _ in 0..<Int.random(in: 0...12, using: &dice) {
            let at = Moment.start + .milliseconds(Int64.random(in: 0...Int64(seconds * 1000), using: &dice))
            serial += 1
            events.set(.act(chance(50) ? .alice : .bob, .anything), at: at)
        }
        if hangsUp {
            let at = Moment.start + .milliseconds(Int64.random(in: 0...Int64(seconds * 1000), using: &dice))
            events.set(.act(chance(50) ? .alice : .bob, .command(.hangUp())), at: at)
            // Before the INVITE has come there is nothing that Bob could hang up.
            events.set(.act(.alice, .command(.hangUp([.status(480)]))), at: .start + .seconds(Int64(seconds)))
        }
        while let moment = events.nextMoment, let (event, _) = events.popDue(at: moment) {
            now = moment
            isBusy = now < Moment.start + .seconds(Int64(seconds))
            guard now < Moment.start + .seconds(2000) else { return faults.append("it never ends") }
            take(event)
        }
        for (id, transaction) in open where transaction.final == nil {
            faults.append("\(transaction.method) \(id) has no final response")
        }
    }

    private mutating func take(_ event: Event) {
        switch event {
        case .timer(let end, let timer):
            let effects = parties[end]!.session.fired(timer, at: now)
            obey(end, effects)
        case .mail(let number):
            guard let letter = mail.removeValue(forKey: number) else { return }
            if case .response(let label, let response) = letter.input, response.isFinal {
                events.cancel(.timeout(letter.to, label))
            }
            give(letter.to, letter.input)
        case .timeout(let end, let label): give(end, .failed(label, 408))
        case .act(let end, .command(let command)): perform(end, command)
        case .act(let end, .answer(let offer, let fork)):
            if chance(10), parties[end]!.isEstablished {
                perform(end, .refuse(488))
            } else {
                perform(end, .answer(.named(offer + "'"), fork: fork))
            }
        case .act(let end, .anything): anything(end)
        }
    }

    private mutating func anything(_ end: End) {
        switch Int.random(in: 0..<8, using: &dice) {
        case 0..<5: perform(end, .change(.named(name(end)), promptly: chance(50)))
        case 5: perform(end, .send(.info, reference: "x"))
        case 6: perform(end, .refer(Referral(SIPNameAddress("<sip:carol@c.example>")!), reference: "y"))
        default: perform(end, .progress(183, .named("stray"), reliably: chance(50)))
        }
    }

    private mutating func perform(_ end: End, _ command: SessionCommand) {
        give(end, .command(command))
    }

    private mutating func give(_ end: End, _ input: InviteSession.Input) {
        if chance(5) { store(end) }
        let effects = parties[end]!.session.handle(input, at: now)
        obey(end, effects)
    }

    /// What is stored and read again goes on as if nothing had been.
    private mutating func store(_ end: End) {
        let session = parties[end]!.session
        guard let stored = try? JSONEncoder().encode(session),
            let again = try? JSONDecoder().decode(InviteSession.self, from: stored)
        else { return faults.append("cannot be stored") }
        if again != session { faults.append("stored and read it is another") }
        parties[end]!.session = again
    }

    private mutating func obey(_ end: End, _ effects: InviteSession.Effects) {
        for effect in effects {
            switch effect {
            case .set(let timer, at: let moment): events.set(.timer(end, timer), at: moment)
            case .cancel(let timer): events.cancel(.timer(end, timer))
            case .ignore: break
            case .send(.event(let event)): hear(end, event)
            case .send(.request(let label, let request)): send(end, label, request)
            case .send(.acknowledge(let request)): lose(end.other, .request(RequestID("ack"), request))
            case .send(.cancel(let label, let request)):
                let id = RequestID("\(end) \(label) cancel")
                open[id] = Open(from: end, label: label, method: .cancel)
                post(end.other, .request(id, request))
            case .send(.respond(let id, let response)): respond(end, id, response)
            }
        }
    }

    // MARK: The network

    private mutating func send(_ end: End, _ label: RequestLabel, _ request: SIPRequest) {
        if parties[end]!.end != nil, request.method != .bye {
            faults.append("\(request.method) after the end")
        }
        let id = RequestID("\(end) \(label)")
        open[id] = Open(from: end, label: label, method: request.method)
        post(end.other, .request(id, request))
        if request.method == .invite {
            post(end, .response(label, SIPResponse(100)))
        } else {
            events.set(.timeout(end, label), at: now + .seconds(32))
        }
    }

    private mutating func respond(_ end: End, _ id: RequestID, _ response: SIPResponse) {
        guard var transaction = open[id] else { return faults.append("\(response.status) to nothing") }
        guard transaction.method != .cancel else {
            if transaction.final != nil { faults.append("a CANCEL is answered twice") }
            transaction.final = response
            open[id] = transaction
            return
        }
        let input = InviteSession.Input.response(transaction.label, response)
        if response.isFinal {
            if let final = transaction.final {
                if final != response { faults.append("\(final.status), then \(response.status)") }
                guard transaction.method == .invite, response.isSuccess else {
                    return faults.append("\(response.status) to \(transaction.method) twice")
                }
            }
            transaction.final = response
            open[id] = transaction
        } else if transaction.final != nil {
            return faults.append("\(response.status) after the final response")
        }
        if transaction.method == .invite, response.status < 300 {
            lose(transaction.from, input)
        } else {
            post(transaction.from, input)
        }
    }

    private mutating func lose(_ end: End, _ input: InviteSession.Input) {
        onTheWire += 1
        if !chance(loss) { post(end, input) }
    }

    private mutating func post(_ end: End, _ input: InviteSession.Input) {
        serial += 1
        mail[serial] = (end, input)
        let delay =
            chance(10) ? Int64.random(in: 1...900, using: &dice) : Int64.random(in: 1...60, using: &dice)
        events.set(.mail(serial), at: now + .milliseconds(delay))
    }

    // MARK: The owners

    private mutating func hear(_ end: End, _ event: SessionEvent) {
        if parties[end]!.end != nil { faults.append("an event after the end") }
        switch event {
        case .invited(let offer): invited(end, offer.map { String(decoding: $0.octets, as: UTF8.self) })
        case .offered(let body, let fork):
            let offer = String(decoding: body.octets, as: UTF8.self)
            later(end, .answer(offer, fork: fork))
        case .offerWanted: later(end, .command(.answer(.named(name(end)))))
        case .established: parties[end]!.isEstablished = true
        case .request(let id, _): perform(end, .respond(id, 200))
        case .referRequested(let id, _):
            perform(end, .acceptReferral(id))
            later(end, .command(.report(id, 200)))
        case .ended(let why): parties[end]!.end = why
        case .answered, .progress, .early, .forkEnded, .offerWithdrawn, .changeRefused, .response, .transfer:
            break
        }
    }

    private mutating func invited(_ end: End, _ offer: String?) {
        let body = offer.map { SessionBody.named($0 + "'") } ?? SessionBody.named(name(end))
        if chance(70) { later(end, .command(.progress(180, reliably: chance(30)))) }
        if chance(50) { later(end, .command(.progress(183, body, reliably: chance(70)))) }
        let at = now + .milliseconds(Int64.random(in: 1000...9000, using: &dice))
        if chance(85) {
            events.set(.act(end, .command(.accept(body))), at: at)
        } else {
            events.set(.act(end, .command(.reject(486))), at: at)
        }
    }

    private mutating func later(_ end: End, _ act: Act) {
        events.set(.act(end, act), at: now + .milliseconds(Int64.random(in: 0...800, using: &dice)))
    }

    private mutating func name(_ end: End) -> String {
        serial += 1
        return "\(end)\(serial)"
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &dice) < percent }
}
