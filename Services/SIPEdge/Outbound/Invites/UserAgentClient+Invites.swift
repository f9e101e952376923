import BusContract
import MachineKit
import NIOCore
import SIPGrammar
import SIPTransactions
import SIPTransport

/// What is particular about INVITE, CANCEL and ACK on their way out.
extension UserAgentClient {
    /// How long the service that is told of a response may take.
    private static let patience = Duration.seconds(20)

    /// A CANCEL goes where its INVITE went, under its branch (RFC 3261 section 9.1).
    func cancel(_ request: OutgoingRequest, until deadline: Moment) {
        guard let id = request.dispatch.cancels, let invite = invites.pending(id) else {
            let failure = Failure(.unsupported, "there is no INVITE under way that it could cancel")
            return request.reply(.failed(failure))
        }
        invites.willEnd(invite)
        let request = request.numbered(like: invite.errand.request)
        transactions.start(
            ClientTransactionKey(branch: invite.key.branch, method: .cancel),
            for: .errand(Errand(request: request, deadline: deadline)),
            to: invite.target,
            request.written(invite.via, to: invite.target.transport),
            until: deadline
        )
    }

    /// An ACK has no response: it is done when it has left.
    func acknowledge(_ errand: Errand, _ target: TransportTarget, _ octets: [UInt8]) {
        around.send(ByteBuffer(bytes: octets), target) { [weak self] outcome in
            guard let self else { return }
            switch outcome {
            case .sent: finish(errand, .ok(nil))
            case .failed(let failure):
                goOn(errand.failed(target, failure.text, failure.reason, hasLeft: false))
            }
        }
    }

    /// A response to an INVITE is passed on, unless it makes another target worth trying.
    func progressed(_ invite: OutgoingInvite, _ response: SIPResponse) {
        if response.status == 503, !invite.isHeard {
            if let retryAfter = response.retryAfter {
                fail(invite.target, retryAfter: retryAfter, isConfigured: invite.errand.isConfigured)
            }
            if invite.errand.hasMore(rules) { return goOn(invite.errand.refused(invite.target, response)) }
        } else {
            memory.answered(invite.target)
        }
        // Who was told of a response already has to answer a challenge himself.
        if !invite.isHeard, let again = proven(invite.errand, to: invite.target, response) {
            return attempt(again)
        }
        tell(invite, response, source: "\(invite.target)")
    }

    /// No final response will come: another target is tried while nobody has heard anything.
    func failed(_ invite: OutgoingInvite, _ ending: OutgoingInvite.Ending) {
        let (errand, target) = (invite.errand, invite.target)
        if invite.isHeard {
            let isTimeout = ending == .unanswered || ending == .forgotten
            return tell(invite, errand.request.ownResponse(isTimeout ? 408 : 503), source: "")
        }
        switch ending {
        case .unsent(let failure):
            unreachable(target, failure, isConfigured: errand.isConfigured)
            goOn(errand.failed(target, failure.text, failure.reason, hasLeft: false))
        case .refused:
            unreachable(target, .refused, isConfigured: errand.isConfigured)
            goOn(errand.failed(target, SendFailure.refused.text, .unreachable, hasLeft: true))
        case .cutOff:
            goOn(errand.failed(target, "closed the connection without an answer", .timeout, hasLeft: true))
        case .unanswered, .forgotten:
            fail(target, isConfigured: errand.isConfigured)
            goOn(errand.failed(target, "did not answer", .timeout, hasLeft: true))
        }
    }

    /// Delivers a response to whoever sent the INVITE, whose delivery ends with the first.
    private func tell(_ invite: OutgoingInvite, _ response: SIPResponse, source: String) {
        // A 100 is the next hop's alone (RFC 3261 section 8.1.1.7).
        invite.isHeard = invite.isHeard || response.status > 100
        if !invite.errand.isTaken {
            finish(invite.errand, .ok(nil))
            invite.errand.isTaken = true
        }
        tell(&invite.errand, response, source: source)
    }

    private func tell(_ errand: inout Errand, _ response: SIPResponse, source: String) {
        let request = errand.request
        errand.responses += 1
        let delivery = Delivery(
            id: request.id.child("progress \(errand.responses)"),
            key: request.key,
            patience: Self.patience,
            payload: .sipProgress(SIPProgress(of: request.id, response, source: source))
        )
        if let service = request.dispatch.progressTo { around.tell(delivery, service) }
    }

    /// An INVITE that somebody had taken has no good end: its delivery has ended, so it is told as a response.
    func tellEnd(of errand: Errand, _ outcome: Outcome) {
        var errand = errand
        switch outcome {
        case .ok(.sipResponse(let response)): tell(&errand, response, source: "")
        case .failed(let failure):
            let isTimeout = failure.reason == .timeout || failure.reason == .deadline
            tell(&errand, errand.request.ownResponse(isTimeout ? 408 : 503), source: "")
        case .ok, .redirect, .busy: tell(&errand, errand.request.ownResponse(503), source: "")
        }
        around.settled()
    }

    /// A 2xx that comes when its transaction is gone, here or with the process that had it: whoever has the dialog
    /// acknowledges it (RFC 3261 section 13.2.2.4).
    func stray(_ response: SIPResponse, via: SIPVia) -> Bool {
        guard (200..<300).contains(response.status), let branch = via.branch,
            let invite = OutgoingRequest.delivery(ofBranch: branch),
            let head = try? response.mandatory(), head.cSeq.method == .invite,
            let tag = head.from.tag, let (mint, key) = Mint.read(tag),
            let service = around.serviceMinting(mint.letter)
        else { return false }
        strays += 1
        let delivery = Delivery(
            id: invite.child("stray \(around.now().nanoseconds) \(strays)"),
            key: key,
            patience: Self.patience,
            payload: .sipProgress(SIPProgress(of: invite, response))
        )
        around.tell(delivery, service)
        return true
    }
}
