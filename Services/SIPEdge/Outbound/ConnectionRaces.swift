import MachineKit
import SIPTransport

// Conforms: RFC 8305 §5 (complete)

/// Connects to one of several addresses of a server: tries one after the other, without waiting long for any of them.
///
/// The first has 250 ms for itself; then, or when it fails, the next is tried beside it, and so on. The first connection
/// wins; the request goes over that one and no other.
final class ConnectionRaces {
    private struct Race {
        var errand: Errand
        /// The addresses that have not failed.
        var candidates: [Errand.Candidate]
        /// Those that were not begun with.
        var waiting: ArraySlice<Errand.Candidate>
        var underWay = 0
    }

    /// "Connection Attempt Delay".
    private static let delay = Duration.milliseconds(250)

    private let around: UserAgentClient.Surroundings
    private var races: [Int: Race] = [:]
    private var agenda = TimerTable<Int>()
    private var started = 0

    /// A connection is made.
    var won: (Errand, TransportTarget) -> Void = { _, _ in }
    /// No address is left.
    var lost: (Errand) -> Void = { _ in }
    /// An address has failed, maybe long after another has won.
    var failed: (Errand?, TransportTarget, SendFailure) -> Void = { _, _, _ in }

    init(_ surroundings: UserAgentClient.Surroundings) {
        around = surroundings
    }

    var count: Int { races.count }

    var nextMoment: Moment? { agenda.nextMoment }

    func start(_ errand: Errand, _ candidates: [Errand.Candidate]) {
        started += 1
        races[started] = Race(errand: errand, candidates: candidates, waiting: candidates[...])
        tryNext(started)
    }

    /// Begins with what has waited for its turn.
    func fire(at now: Moment) {
        while let (number, _) = agenda.popDue(at: now) { tryNext(number) }
    }

    private func tryNext(_ number: Int) {
        guard let candidate = races[number]?.waiting.popFirst() else { return }
        races[number]?.underWay += 1
        if races[number]?.waiting.isEmpty == false {
            let moment = around.now() + Self.delay
            agenda.set(number, at: moment)
            around.wake(moment)
        } else {
            agenda.cancel(number)
        }
        around.prepare(candidate.target) { [weak self] failure in
            if let failure { self?.fail(number, candidate, failure) } else { self?.win(number, candidate) }
        }
    }

    private func win(_ number: Int, _ candidate: Errand.Candidate) {
        guard let race = races.removeValue(forKey: number) else { return }
        agenda.cancel(number)
        won(race.errand.with(race.candidates.filter { $0 != candidate }), candidate.target)
    }

    private func fail(_ number: Int, _ candidate: Errand.Candidate, _ failure: SendFailure) {
        failed(races[number]?.errand, candidate.target, failure)
        guard var race = races[number] else { return }
        race.errand = race.errand.failed(candidate.target, failure.text, failure.reason, hasLeft: false)
        race.candidates.removeAll { $0 == candidate }
        race.underWay -= 1
        races[number] = race
        if !race.waiting.isEmpty { return tryNext(number) }
        guard race.underWay == 0 else { return }
        races[number] = nil
        lost(race.errand)
    }
}
