package import BusContract
import MachineKit
import SIPAuthentication
package import SIPGrammar
import SIPTransactions
package import SIPTransport

// Conforms: RFC 3263 §4.3 (partial: a request is not sent anew while its target lives, for the reasons of RFC 4321 §1.3)

/// The sending half of the edge: a UAC (RFC 3261 section 8.1) that sends what others have written.
///
/// Each request is located (RFC 3263), waits for its turn (RFC 3428 section 8), and is then tried target by target: the
/// next is tried when one could not be reached, broke off, has no room, or does not answer and does not live. A request
/// that a living target has taken without a word is not sent anew: that would be a second message for whoever reads it.
package final class UserAgentClient {
    let around: Surroundings
    let configuration: SIPEdgeConfiguration
    let metrics: EdgeMetrics
    let transactions: ClientTransactions
    let invites: OutgoingInvites
    let races: ConnectionRaces
    private var routes: RouteTable
    private var queues: TargetQueues<Errand>
    var memory: TargetMemory
    var health: TargetHealth
    var withoutTCP = RefusalMemory()
    /// Who we are to whom.
    var digest: DigestClient
    private(set) lazy var rules = Errand.Rules(
        largestDatagram: configuration.largestDatagram,
        sentBy: around.sentBy,
        isWithoutTCP: { [unowned self] in withoutTCP.contains($0, at: around.now()) }
    )
    /// Requests that are being located.
    private var located = 0
    /// 2xx whose transactions are gone.
    var strays = 0

    package init(_ configuration: SIPEdgeConfiguration, _ surroundings: Surroundings, metrics: EdgeMetrics) {
        self.configuration = configuration
        around = surroundings
        self.metrics = metrics
        routes = RouteTable(
            routes: configuration.routes,
            proxy: configuration.outboundProxy,
            domains: configuration.access.domains
        )
        queues = TargetQueues(limits: configuration.queue)
        digest = DigestClient(accounts: configuration.credentials)
        memory = TargetMemory(limits: configuration.targets)
        health = TargetHealth(most: configuration.targets.probed)
        transactions = ClientTransactions(surroundings, timing: configuration.timing)
        invites = OutgoingInvites(surroundings, timing: configuration.timing)
        races = ConnectionRaces(surroundings)
        transactions.ended = { [unowned self] in ended($0, $1, $2) }
        invites.progressed = { [unowned self] in progressed($0, $1) }
        invites.failed = { [unowned self] in failed($0, $1) }
        transactions.silent = { [unowned self] in suspect($0) }
        invites.silent = { [unowned self] in suspect($0) }
        races.won = { [unowned self] in connected($0, $1) }
        races.lost = { [unowned self] in attempt($0) }
        races.failed = { [unowned self] in unreachable($1, $2, isConfigured: $0?.isConfigured ?? false) }
    }

    /// How many requests are outstanding, and how many wait for their turn.
    package var load: (outstanding: Int, waiting: Int) {
        (transactions.errands + invites.unanswered + races.count + located, queues.count)
    }

    /// How many targets have failed and are remembered for it.
    package var failedTargets: Int { memory.count }

    package func reload(_ access: AccessRules) {
        routes.domains = access.domains
    }

    /// Takes work off the bus.
    ///
    /// `reply` is called once: with what came of it, or with nil, which leaves it to another edge.
    package func dispatch(_ delivery: Delivery, reply: @escaping (Outcome?) -> Void) {
        guard case .sipDispatch(let dispatch) = delivery.payload else {
            return reply(.failed(Failure(.unsupported, "a SIP edge sends SIP requests and nothing else")))
        }
        metrics.dispatch()
        let now = around.now()
        let target = Self.queue(of: dispatch.request)
        let request = OutgoingRequest(delivery, dispatch: dispatch, reply: reply, target: target)
        guard dispatch.request.method != .cancel else {
            return cancel(request, until: now + delivery.patience)
        }
        let errand = Errand(request: request, deadline: now + delivery.patience)
        guard let target else { return start(errand) }
        switch queues.enter(errand, target: target, until: errand.deadline, at: now) {
        case .go(let errand): start(errand)
        case .queued: wakeLater()
        case .refused(let errand):
            errand.request.reply(.failed(Failure(.overloaded, "too many messages wait for \(target)")))
        }
    }

    /// Leaves what waits for its turn, and belongs to conversations like these, to another edge.
    package func giveUpWaiting(where isAnothers: (ConversationKey) -> Bool) {
        for errand in queues.remove(where: { isAnothers($0.request.key) }) { errand.request.reply(nil) }
        around.settled()
    }

    package func received(_ response: SIPResponse, via: SIPVia) {
        if let key = ClientTransactionKey(response, via: via) {
            let isKnown =
                key.method == .invite
                ? invites.received(response, key) || stray(response, via: via)
                : transactions.received(response, key)
            if isKnown { return wakeLater() }
        }
        metrics.stray()
    }

    /// A datagram to this address was refused.
    package func refused(_ target: TransportTarget) {
        transactions.refused(target)
        invites.refused(target)
    }

    /// A connection ended: what went over it will not be answered.
    package func lost(_ connection: ConnectionID) {
        transactions.lost(connection)
        invites.lost(connection)
    }

    /// Does what is due.
    package func fire() {
        let now = around.now()
        transactions.fire(at: now)
        invites.fire(at: now)
        races.fire(at: now)
        for errand in queues.expired(at: now) {
            let failure = Failure(
                .overloaded,
                "waited too long for its turn to \(errand.request.target ?? "its target")"
            )
            errand.request.reply(.failed(failure))
        }
        probeDead(at: now)
        wakeLater()
    }

    /// What must wait for each other: MESSAGE requests outside a dialog to one URI.
    private static func queue(of request: SIPRequest) -> String? {
        guard request.method == .message, (try? request.headers.to())?.tag == nil else { return nil }
        return request.uri.description
    }

    private func start(_ errand: Errand) {
        guard let choice = routes.choose(for: errand.request.request) else {
            let failure = Failure(
                .domainNotFound,
                "\(errand.request.request.uri.scheme): URIs need an outbound proxy"
            )
            return finish(errand, .failed(failure))
        }
        located += 1
        around.locate(choice.uri) { [weak self] result in
            guard let self else { return }
            located -= 1
            switch result {
            case .success(let hops):
                let errand = errand.with(hops, isConfigured: choice.isConfigured)
                attempt(prepared(errand, for: choice.uri.host.text))
            case .failure(let failure): finish(errand, .failed(Failure(failure)))
            }
        }
    }

    /// Answers whoever asked, and lets the next one go.
    func finish(_ errand: Errand, _ outcome: Outcome) {
        guard !errand.isTaken else { return tellEnd(of: errand, outcome) }
        errand.request.reply(outcome)
        guard let target = errand.request.target, let next = queues.leave(target) else {
            return around.settled()
        }
        start(next)
    }

    func wakeLater() {
        if let moment = transactions.nextMoment { around.wake(moment) }
        if let moment = invites.nextMoment { around.wake(moment) }
        if let moment = races.nextMoment { around.wake(moment) }
        if let moment = queues.nextMoment { around.wake(moment) }
        if let moment = memory.nextMoment { around.wake(moment) }
    }
}
