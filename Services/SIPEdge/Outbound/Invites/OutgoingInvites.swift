import BusContract
import MachineKit
import NIOCore
import SIPGrammar
import SIPTransactions
import SIPTransport

/// The INVITEs that went out, until their transactions end (RFC 3261 section 17.1.1, RFC 6026).
final class OutgoingInvites {
    /// Longer than any translator lets ring.
    static let silence = Duration.seconds(300)

    private let around: UserAgentClient.Surroundings
    private let timing: TransactionTiming
    private var running: [ClientTransactionKey: OutgoingInvite] = [:]
    private var branches: [DeliveryID: ClientTransactionKey] = [:]
    private var agenda = Agenda<ClientTransactionKey>()
    /// Those without a final response.
    private(set) var unanswered = 0

    /// A response is to be passed on.
    var progressed: (OutgoingInvite, SIPResponse) -> Void = { _, _ in }
    /// Nothing has been heard for suspiciously long.
    var silent: (OutgoingInvite) -> Void = { _ in }
    /// No final response will come.
    var failed: (OutgoingInvite, OutgoingInvite.Ending) -> Void = { _, _ in }

    init(_ surroundings: UserAgentClient.Surroundings, timing: TransactionTiming) {
        around = surroundings
        self.timing = timing
    }

    var nextMoment: Moment? { agenda.nextMoment }

    /// The INVITE of a delivery that has no final response yet.
    func pending(_ id: DeliveryID) -> OutgoingInvite? {
        guard let invite = branches[id].flatMap({ running[$0] }), !invite.isAnswered else { return nil }
        return invite
    }

    /// Sends an INVITE for the first time.
    func start(_ errand: Errand, to target: TransportTarget, via: SIPVia, _ octets: [UInt8]) {
        let now = around.now()
        let invite = OutgoingInvite(
            errand,
            to: target,
            via: via,
            octets,
            from: now,
            surrender: now + Self.silence,
            timing: timing
        )
        running[invite.key] = invite
        branches[errand.request.id] = invite.key
        unanswered += 1
        let outputs = invite.timed.handle(.start, at: now)
        agenda.add(invite.key, at: invite.next)
        around.wake(invite.next)
        obey(outputs, invite, nil)
    }

    /// A CANCEL goes out: if no final response comes to the INVITE soon, none will (RFC 3261 section 9.1).
    func willEnd(_ invite: OutgoingInvite) {
        invite.surrender = min(invite.surrender, around.now() + timing.lifetime)
        agenda.set(invite.key, at: invite.next)
        around.wake(invite.next)
    }

    /// Takes a response; false if it belongs to nothing.
    func received(_ response: SIPResponse, _ key: ClientTransactionKey) -> Bool {
        guard let invite = running[key] else { return false }
        let now = around.now()
        if response.status < 200 { invite.surrender = max(invite.surrender, now + Self.silence) }
        obey(invite.timed.handle(.response(response.status), at: now), invite, response)
        return true
    }

    /// Datagrams to this address are refused.
    func refused(_ target: TransportTarget) {
        for invite in running.values.filter({ $0.target == target }) {
            obey(invite.timed.handle(.transportFailed, at: around.now()), invite, nil)
        }
    }

    /// A connection ended: what was asked over it may be answered over another, but not by a transaction of ours.
    func lost(_ connection: ConnectionID) {
        for invite in running.values.filter({ $0.connection == connection && !$0.isAnswered }) {
            end(invite, .cutOff)
        }
    }

    /// Does what is due.
    func fire(at now: Moment) {
        while let key = agenda.popDue(at: now) {
            guard let invite = running[key] else { continue }
            if invite.surrender <= now {
                end(invite, .forgotten)
            } else if !invite.errand.isTaken, invite.errand.deadline <= now {
                end(invite, .unanswered)
            } else {
                notice(invite, at: now)
                obey(invite.timed.fire(at: now), invite, nil)
            }
        }
    }

    /// Those to a target of which nothing was heard for suspiciously long.
    func silentOnes(to target: TransportTarget) -> [OutgoingInvite] {
        running.values.filter {
            $0.target == target && !$0.errand.isTaken && !$0.isAnswered && $0.silentAt == nil
        }
    }

    /// Forgets one that is to go to another target; false if it has ended already.
    func abandon(_ invite: OutgoingInvite) -> Bool {
        guard running[invite.key] === invite, !invite.isAnswered else { return false }
        forget(invite)
        unanswered -= 1
        return true
    }

    private func notice(_ invite: OutgoingInvite, at now: Moment) {
        guard let silentAt = invite.silentAt, silentAt <= now else { return }
        invite.silentAt = nil
        if !invite.errand.isTaken { silent(invite) }
    }

    private func obey(_ outputs: [InviteClient.Output], _ invite: OutgoingInvite, _ response: SIPResponse?) {
        for output in outputs {
            switch output {
            case .request: put(invite)
            case .acknowledge: acknowledge(invite, response)
            case .response(let status):
                guard let response else { continue }
                if status >= 200 { answer(invite) }
                progressed(invite, response)
            case .failed(.timeout): end(invite, .unanswered)
            case .failed(.transport): end(invite, invite.sendFailure.map { .unsent($0) } ?? .refused)
            }
        }
        guard running[invite.key] === invite else { return }
        if invite.timed.machine.isTerminated { return forget(invite) }
        agenda.set(invite.key, at: invite.next)
    }

    private func answer(_ invite: OutgoingInvite) {
        guard !invite.isAnswered else { return }
        invite.isAnswered = true
        unanswered -= 1
    }

    /// Puts the INVITE on the wire, for the first time or again.
    private func put(_ invite: OutgoingInvite) {
        guard !invite.hasBeenPut else { return around.resend(invite.octets, invite.target) }
        invite.hasBeenPut = true
        around.send(invite.octets, invite.target) { [weak self] outcome in
            guard let self, running[invite.key] === invite else { return }
            switch outcome {
            case .sent(let connection): invite.connection = connection
            case .failed(let failure):
                invite.sendFailure = failure
                obey(invite.timed.handle(.transportFailed, at: around.now()), invite, nil)
            }
        }
    }

    /// The ACK of a failure is the transaction's own (RFC 3261 section 17.1.1.3).
    private func acknowledge(_ invite: OutgoingInvite, _ response: SIPResponse?) {
        if invite.acknowledgement == nil, let response {
            invite.acknowledgement = ByteBuffer(
                bytes: invite.errand.request.acknowledgement(of: response, via: invite.via)
            )
        }
        guard let octets = invite.acknowledgement else { return }
        around.send(octets, invite.target) { _ in }
    }

    private func end(_ invite: OutgoingInvite, _ ending: OutgoingInvite.Ending) {
        guard running[invite.key] === invite else { return }
        forget(invite)
        guard !invite.isAnswered else { return }
        unanswered -= 1
        failed(invite, ending)
    }

    private func forget(_ invite: OutgoingInvite) {
        agenda.cancel(invite.key)
        running[invite.key] = nil
        if branches[invite.errand.request.id] == invite.key { branches[invite.errand.request.id] = nil }
    }
}
