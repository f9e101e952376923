import MachineKit
import SIPGrammar

/// What every request and response of a dialog has.
extension Leg {
    func headers(_ settings: SessionSettings, isTargetRefresh: Bool) -> SIPHeaders {
        var headers = SIPHeaders()
        if isTargetRefresh {
            headers.append(.contact, contact.description)
            headers.append(.allow, settings.methods.map(\.name).joined(separator: ", "))
        }
        if !settings.extensions.isEmpty {
            headers.append(.supported, settings.extensions.joined(separator: ", "))
        }
        headers.append(contentsOf: settings.headers)
        return headers
    }

    mutating func send(
        _ method: SIPMethod,
        _ kind: SentRequest.Kind,
        headers others: SIPHeaders = SIPHeaders(),
        body: SessionBody? = nil,
        octets: [UInt8] = [],
        isTargetRefresh: Bool = false,
        _ turn: inout Turn
    ) {
        var headers = headers(turn.settings, isTargetRefresh: isTargetRefresh)
        headers.append(contentsOf: others)
        if let body { headers[.contentType] = body.contentType }
        let request = dialog.request(method, headers: headers, body: body?.octets ?? octets)
        let label = turn.send(request)
        sent.append(SentRequest(label: label, number: dialog.localNumber, kind: kind))
    }

    /// Acknowledges a 2xx to the INVITE of a label, and again when it comes again.
    mutating func acknowledge(
        _ label: RequestLabel,
        _ number: UInt32,
        _ body: SessionBody?,
        _ turn: inout Turn
    ) {
        var headers = turn.settings.headers
        if let body { headers[.contentType] = body.contentType }
        let request = dialog.acknowledgement(of: number, headers: headers, body: body?.octets ?? [])
        if acknowledgements.count >= 4 { acknowledgements.removeFirst() }
        acknowledgements.append(Acknowledgement(label: label, fork: fork, request: request))
        turn.acknowledge(request)
    }

    /// Sends an ACK again for a 2xx that came again; false if there was none.
    func repeatAcknowledgement(_ label: RequestLabel, fork: String, _ turn: inout Turn) -> Bool {
        guard let found = acknowledgements.first(where: { $0.label == label && $0.fork == fork }) else {
            return false
        }
        turn.acknowledge(found.request)
        return true
    }

    /// Says good-bye; the requests of the peer's that are still open are closed first (RFC 3261 section 15.1.2).
    mutating func sayBye(_ reasons: [SIPReason], _ others: SIPHeaders = SIPHeaders(), _ turn: inout Turn) {
        closeArrived(&turn)
        var headers = others
        for reason in reasons { headers.append(.reason, reason.description) }
        send(.bye, .bye, headers: headers, &turn)
    }

    /// Answers all that the peer has asked and that nobody will answer any more.
    mutating func closeArrived(_ turn: inout Turn) {
        if let invite, invite.success == nil { reply(invite.request, 487, &turn) }
        if let update { reply(update.request, 487, &turn) }
        if case .theirs(.success(let label, let number)) = exchange.outstanding {
            acknowledge(label, number, nil, &turn)
        }
        if case .theirs(.prack(let prack)) = exchange.outstanding { reply(prack, 487, &turn) }
        for request in arrived { reply(request, 487, &turn) }
        for referral in referralsIn {
            if let request = referral.request { reply(request, 487, &turn) }
        }
        (invite, update, arrived, referralsIn) = (nil, nil, [], [])
        exchange.withdraw()
    }

    func reply(
        _ request: ArrivedRequest,
        _ status: Int,
        reason: String? = nil,
        headers: SIPHeaders = SIPHeaders(),
        body: [UInt8] = [],
        _ turn: inout Turn
    ) {
        var all = turn.settings.headers
        all.append(contentsOf: headers)
        turn.respond(
            request.id,
            request.response(status, reason: reason, tag: tag, headers: all, body: body)
        )
    }

    /// Tells the session timers what was agreed on.
    func startInterval(_ turn: inout Turn) {
        guard let interval = timing.current else {
            turn.cancel(.refresh)
            turn.cancel(.expiry)
            return
        }
        if interval.isOurs {
            turn.set(.refresh, in: interval.refresh)
        } else {
            turn.cancel(.refresh)
        }
        turn.set(.expiry, in: interval.end)
    }
}
