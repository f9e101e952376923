import BusContract
import MachineKit
import NIOCore
import SIPAuthentication
import SIPGrammar
import SIPTransport

/// One request's way through the targets that there are for it.
struct Errand {
    enum Step {
        case send(TransportTarget, [UInt8])
        /// Connect to the first of these addresses of one server that can be reached (RFC 8305).
        case race([Candidate])
        case failed(Failure)
        /// No target is left, but one had answered.
        case answered(SIPResponse)
    }

    typealias Candidate = NextHops.Candidate

    /// What the steps go by.
    struct Rules {
        var largestDatagram: Int
        var sentBy: (TransportTarget) -> (host: SIPHost, port: Int)?
        var isWithoutTCP: (SocketAddress) -> Bool
    }

    /// Targets whose failures are told; nobody reads more.
    private static let mostTold = 8

    private(set) var request: OutgoingRequest
    let deadline: Moment
    /// The host that asks who we are, if it does: the next hop's.
    private(set) var peer = ""
    /// What it was answered.
    private(set) var proofs = DigestAttempts()
    /// Whether an operator has named where it goes.
    private(set) var isConfigured = false
    /// Of an INVITE: whether whoever sent it knows that somebody has it, and how many responses he was told of.
    var isTaken = false
    var responses = 0
    private var candidates: ArraySlice<Candidate> = []
    /// Whether what is tried now is a guess.
    private(set) var isGuessing = false
    /// The size of a request that is too large for UDP.
    private var oversize: Int?
    /// How many targets were tried that may have seen the request: each was another transaction.
    private var attempts = 0 {
        didSet { branch = request.branch(attempt: attempts) }
    }
    /// The branch of the current attempt.
    private(set) var branch: String
    private var told: [String] = []
    private var untold = 0
    private var reason: Failure.Reason?
    private var lastResponse: SIPResponse?

    init(request: OutgoingRequest, deadline: Moment) {
        self.request = request
        self.deadline = deadline
        branch = request.branch(attempt: 0)
    }

    /// Whether nothing has failed yet.
    var isUntold: Bool { told.isEmpty }

    /// Whether there is another target to go to.
    func hasMore(_ rules: Rules) -> Bool {
        candidates.contains { candidate in
            (!candidate.isGuess || oversize != nil) && rules.sentBy(candidate.target) != nil
        }
    }

    func with(_ hops: NextHops, isConfigured: Bool) -> Errand {
        var errand = self
        errand.isConfigured = isConfigured
        errand.candidates = hops.candidates[...]
        return errand
    }

    /// Puts the dead behind the live.
    mutating func order(by memory: inout TargetMemory, at now: Moment) {
        guard memory.count > 0, candidates.count > 1 else { return }
        candidates = memory.order(Array(candidates), by: \.target, at: now)[...]
    }

    /// The target could not be reached or did not answer; whether something may have left all the same.
    func failed(_ target: TransportTarget, _ text: String, _ reason: Failure.Reason, hasLeft: Bool) -> Errand
    {
        var errand = self
        errand.note(target, text, reason)
        if hasLeft { errand.attempts += 1 }
        return errand
    }

    /// The target has no room.
    func refused(_ target: TransportTarget, _ response: SIPResponse) -> Errand {
        var errand = self
        errand.note(target, "answered \(response.status)", .unreachable)
        errand.lastResponse = response
        errand.attempts += 1
        return errand
    }

    /// The same with what a peer has accepted before.
    func prepared(_ request: SIPRequest, _ proofs: DigestAttempts, for peer: String) -> Errand {
        var errand = self
        errand.peer = peer
        errand.proofs = proofs
        if proofs != DigestAttempts() { errand.request = self.request.with(request) }
        return errand
    }

    /// The target has asked who we are: the request goes there again, as another transaction, with the answer.
    func challenged(by target: TransportTarget, _ request: SIPRequest, _ proofs: DigestAttempts) -> Errand {
        var errand = self
        errand.request = self.request.with(request)
        errand.proofs = proofs
        errand.attempts += 1
        errand.candidates = [Candidate(target: target, server: -1, isGuess: isGuessing)] + candidates
        return errand
    }

    /// Gives back what was taken for a race and has not failed in it.
    func with(_ rest: [Candidate]) -> Errand {
        guard !rest.isEmpty else { return self }
        var errand = self
        errand.candidates = rest + errand.candidates
        return errand
    }

    /// What to do next.
    ///
    /// What is too large for UDP goes by whatever else there is, by a guess if need be, and by UDP only if the one who asked
    /// says so and nothing else was possible (RFC 3261 section 18.1.1).
    mutating func nextStep(_ rules: Rules) -> Step {
        while let candidate = candidates.popFirst() {
            let target = candidate.target
            if candidate.isGuess, oversize == nil || rules.isWithoutTCP(target.address) { continue }
            guard let octets = written(for: target, rules) else {
                note(target, "is reached by no socket of this gateway", nil)
                continue
            }
            isGuessing = candidate.isGuess
            guard target.transport.isReliable else {
                if oversize == nil, octets.count > rules.largestDatagram {
                    oversize = octets.count
                    avoidDatagrams(candidate)
                    continue
                }
                return .send(target, octets)
            }
            let rivals = takeRivals(of: candidate)
            return rivals.isEmpty ? .send(target, octets) : .race([candidate] + rivals)
        }
        if let lastResponse { return .answered(lastResponse) }
        if let oversize, !request.dispatch.allowsOversize {
            return .failed(tooLarge(oversize, rules.largestDatagram))
        }
        return .failed(failure)
    }

    /// The request as it goes to a target; nil if no socket of ours reaches it.
    func written(for target: TransportTarget, _ rules: Rules) -> [UInt8]? {
        via(for: target, rules).map { request.written($0, to: target.transport) }
    }

    /// The Via of the current attempt.
    func via(for target: TransportTarget, _ rules: Rules) -> SIPVia? {
        guard let (host, port) = rules.sentBy(target) else { return nil }
        var via = SIPVia(transport: target.transport.viaName, host: host, port: port)
        via.branch = branch
        // RFC 3581: answer to where this came from.
        if target.transport == .udp { via.rport = nil }
        // RFC 5923 section 8.1: requests to us may come back over this connection.
        if target.transport == .tls { via.parameters.set("alias", nil) }
        return via
    }

    /// What went wrong, target by target.
    var failure: Failure {
        guard !told.isEmpty else {
            return Failure(.unreachable, "no address was found for \(request.request.uri.scheme) target")
        }
        return Failure(reason ?? .unreachable, account)
    }

    private var account: String {
        told.joined(separator: ", ") + (untold > 0 ? ", and \(untold) more" : "")
    }

    private mutating func note(_ target: TransportTarget, _ text: String, _ why: Failure.Reason?) {
        if told.count < Self.mostTold { told.append("\(target) \(text)") } else { untold += 1 }
        guard let why, reason != why else { return }
        // That it may have been taken is what whoever asked must know.
        let mayHaveBeenTaken = reason == .timeout || why == .timeout
        reason = reason == nil ? why : mayHaveBeenTaken ? .timeout : .unreachable
    }

    /// The other addresses of a server that a connection is to be made to.
    private mutating func takeRivals(of candidate: Candidate) -> [Candidate] {
        let rivals = candidates.prefix { $0.server == candidate.server && $0.isGuess == candidate.isGuess }
        candidates = candidates.dropFirst(rivals.count)
        return Array(rivals)
    }

    private mutating func avoidDatagrams(_ candidate: Candidate) {
        let all = [candidate] + candidates
        let datagrams = request.dispatch.allowsOversize ? all.filter { !$0.target.transport.isReliable } : []
        let streams = all.filter { $0.target.transport.isReliable }
        candidates = (streams.filter { !$0.isGuess } + streams.filter(\.isGuess) + datagrams)[...]
    }

    private func tooLarge(_ size: Int, _ limit: Int) -> Failure {
        let body = request.request.body.count
        let room = OutgoingRequest.room(size: size, body: body, limit: limit)
        let rest = told.isEmpty ? "there is no TCP" : account
        return Failure(
            .tooLarge,
            "\(size) octets are more than UDP carries safely, and \(rest)",
            room: room
        )
    }
}
