import MachineKit
import SIPGrammar

/// A call that we have made and that nobody has answered yet.
struct Calling: Hashable, Sendable, Codable {
    /// How many early dialogs are kept; what comes of further forks is passed over.
    static let maximumForks = 16
    /// How often a call is made anew because its session interval was too short.
    static let maximumTries = 4

    let invitation: Invitation
    let offer: SessionBody?
    var first: FirstInvite
    var timing: SessionTiming
    var legs: [Leg] = []
    var tries = 1
    /// Whether a provisional response was heard: before that no CANCEL may go out (RFC 3261 section 9.1).
    var isHeard = false
    var cancel: Cancel?
    /// The change that whichever fork answers is to be offered.
    var wish: Leg.PendingChange?

    struct Cancel: Hashable, Sendable, Codable {
        let reasons: [SIPReason]
        let headers: SIPHeaders
        var isSent = false
    }

    /// Calls.
    init(_ invitation: Invitation, _ offer: SessionBody?, _ timing: SessionTiming, _ turn: inout Turn) {
        self.invitation = invitation
        self.offer = offer
        self.timing = timing
        var request = Self.request(invitation, offer, &self.timing, turn.settings)
        let label = turn.send(request)
        request.body = []
        first = FirstInvite(label: label, number: invitation.number, request: request)
    }

    private static func request(
        _ invitation: Invitation,
        _ offer: SessionBody?,
        _ timing: inout SessionTiming,
        _ settings: SessionSettings
    ) -> SIPRequest {
        var from = invitation.from
        from.tag = invitation.localTag
        var to = invitation.to
        to.tag = nil
        var headers = SIPHeaders()
        for route in invitation.routes { headers.append(.route, route.description) }
        headers.append(.from, from.description)
        headers.append(.to, to.description)
        headers.append(.callID, invitation.callID)
        headers.append(.cSeq, SIPCSeq(invitation.number, .invite).description)
        headers.append(.contact, invitation.contact.description)
        headers.append(.allow, settings.methods.map(\.name).joined(separator: ", "))
        if !settings.extensions.isEmpty {
            headers.append(.supported, settings.extensions.joined(separator: ", "))
        }
        headers.append(contentsOf: timing.request(settings, isInitial: true))
        headers.append(contentsOf: settings.headers)
        headers.append(contentsOf: invitation.headers)
        if let offer { headers[.contentType] = offer.contentType }
        let target = invitation.target ?? to.uri
        return SIPRequest(.invite, target, headers: headers, body: offer?.octets ?? [])
    }

    /// Takes a provisional response to the INVITE.
    mutating func provisional(_ response: SIPResponse, _ turn: inout Turn) {
        isHeard = true
        if var cancel, !cancel.isSent {
            cancel.isSent = true
            self.cancel = cancel
            sendCancel(cancel, &turn)
        }
        guard response.status > 100, cancel == nil else { return }
        guard let index = leg(for: response, &turn) else { return }
        let fork = legs[index].fork
        guard response.status != 199 else {
            legs[index].closeArrived(&turn)
            legs.remove(at: index)
            return turn.tell(.forkEnded(fork))
        }
        if legs[index].provisional(first.number, response, &turn) {
            turn.tell(.progress(response.status, fork: fork))
        }
    }

    private func leg(of response: SIPResponse) -> Int? {
        let fork = (try? response.headers.to())?.tag ?? ""
        return legs.firstIndex { $0.fork == fork }
    }

    /// The early dialog that a response belongs to or makes.
    mutating func leg(for response: SIPResponse, _ turn: inout Turn) -> Int? {
        guard let dialog = try? SIPDialog(sent: first.request, answered: response) else {
            turn.ignore("a response that makes no dialog")
            return nil
        }
        if let index = legs.firstIndex(where: { $0.fork == dialog.id.remoteTag }) { return index }
        guard legs.count < Self.maximumForks else {
            turn.ignore("too many forks")
            return nil
        }
        var leg = Leg(dialog, contact: invitation.contact, ownsCallID: true)
        leg.timing = timing
        leg.change = wish
        leg.peer.learn(response.headers)
        if let offer { leg.exchange.send(offer, in: .invite) }
        legs.append(leg)
        return legs.count - 1
    }

    /// Takes the first 2xx: the dialog that is left; nil if it makes none.
    mutating func succeeded(_ response: SIPResponse, _ turn: inout Turn) -> Leg? {
        // Beyond the limit an early dialog gives way to one that is answered.
        if legs.count >= Self.maximumForks, leg(of: response) == nil {
            legs[0].closeArrived(&turn)
            legs.removeFirst()
        }
        guard let index = leg(for: response, &turn) else { return nil }
        var leg = legs.remove(at: index)
        leg.dialog.confirm(by: response)
        leg.timing.forgetMinimum()
        guard cancel == nil else {
            leg.acknowledge(first.label, first.number, nil, &turn)
            return leg
        }
        leg.succeeded(first.label, first.number, response, &turn)
        return leg
    }

    /// Calls once more with a longer session interval (RFC 4028 section 7.3); nil if that is no help.
    mutating func again(_ response: SIPResponse, _ turn: inout Turn) -> Calling? {
        guard response.status == 422, tries < Self.maximumTries, cancel == nil,
            let minimum = (try? response.headers.minSE()) ?? nil, minimum > timing.heardMinimum ?? 0
        else { return nil }
        for index in legs.indices { legs[index].closeArrived(&turn) }
        var longer = timing
        longer.hear(minimum: minimum)
        var next = invitation
        next.number = first.number &+ 1
        var calling = Calling(next, offer, longer, &turn)
        calling.tries = tries + 1
        calling.wish = wish
        return calling
    }

    /// Takes the call back (RFC 3261 section 9.1).
    mutating func cancel(_ reasons: [SIPReason], _ headers: SIPHeaders, _ turn: inout Turn) {
        guard cancel == nil else { return turn.ignore("taken back already") }
        let cancel = Cancel(reasons: reasons, headers: headers, isSent: isHeard)
        self.cancel = cancel
        if isHeard { sendCancel(cancel, &turn) }
    }

    private func sendCancel(_ cancel: Cancel, _ turn: inout Turn) {
        var headers = SIPHeaders()
        for name in [SIPHeaderName.route, .from, .to, .callID] {
            for value in first.request.headers.all(name) { headers.append(name, value) }
        }
        headers.append(.cSeq, SIPCSeq(first.number, .cancel).description)
        for reason in cancel.reasons { headers.append(.reason, reason.description) }
        headers.append(contentsOf: cancel.headers)
        turn.cancel(first.label, SIPRequest(.cancel, first.request.uri, headers: headers))
        turn.set(.cancelled, in: turn.settings.lifetime)
    }
}
