import MachineKit
import Octets
import SIPGrammar

extension Subscriber {
    // MARK: SUBSCRIBE

    /// What every SUBSCRIBE says.
    private var headers: SIPHeaders {
        var headers: SIPHeaders = [
            .contact: plan.contact.description, .event: plan.event.description, .expires: "\(expires)",
        ]
        if !plan.accept.isEmpty { headers.append(.accept, plan.accept.joined(separator: ", ")) }
        headers.append(contentsOf: settings.headers)
        headers.append(contentsOf: plan.headers)
        return headers
    }

    /// Sends a SUBSCRIBE outside a dialog.
    mutating func subscribe() -> Effects {
        var from = plan.from
        from.tag = plan.localTag
        var to = plan.to
        to.tag = nil
        var all = SIPHeaders()
        for route in plan.routes { all.append(.route, route.description) }
        all.append(.from, from.description)
        all.append(.to, to.description)
        all.append(.callID, plan.callID)
        all.append(.cSeq, SIPCSeq(number, .subscribe).description)
        all.append(contentsOf: headers)
        let label = supply.label()
        sent.append(Sent(label: label, fork: nil, expires: expires))
        return [.send(.request(label, SIPRequest(.subscribe, plan.target ?? to.uri, headers: all)))]
    }

    /// Sends a SUBSCRIBE inside a dialog, unless one is under way.
    mutating func refresh(at index: Int) -> Effects {
        let tag = forks[index].tag
        guard !sent.contains(where: { $0.fork == tag }) else { return [.ignore("a refresh is under way")] }
        let label = supply.label()
        sent.append(Sent(label: label, fork: tag, expires: expires))
        return [.send(.request(label, forks[index].dialog.request(.subscribe, headers: headers)))]
    }

    // MARK: Responses

    mutating func receive(_ label: RequestLabel, _ response: SIPResponse, _ now: Moment) -> Effects {
        guard response.isFinal else { return [.ignore("a provisional response")] }
        guard let index = sent.firstIndex(where: { $0.label == label }) else {
            return [.ignore("a response to nothing that waits for one")]
        }
        let fork = sent.remove(at: index).fork
        if let longer = longerExpiry(response) {
            expires = longer
            tries += 1
            guard let fork else {
                number &+= 1
                return subscribe()
            }
            return forks.firstIndex { $0.tag == fork }.map { refresh(at: $0) } ?? []
        }
        guard response.isSuccess else { return failed(fork, response, now) }
        tries = 0
        let seconds = (try? response.headers.expires()) ?? nil ?? expires
        granted = min(seconds, max(expires, 1))
        let news: Effects = [.send(.event(.accepted(expires: granted ?? expires)))]
        guard let fork, let at = forks.firstIndex(where: { $0.tag == fork }) else { return news }
        forks[at].failures = 0
        forks[at].dialog.refreshTarget(response.headers)
        return news + schedule(fork, granted ?? expires, now)
    }

    /// The interval that a 423 asks for, if it is worth asking again (RFC 6665 section 4.1.2.1).
    private func longerExpiry(_ response: SIPResponse) -> UInt32? {
        guard response.status == 423, tries < 3,
            let least = (try? response.headers.number(.minExpires, atMost: UInt64(UInt32.max))) ?? nil,
            least > UInt64(expires)
        else { return nil }
        return UInt32(least)
    }

    private mutating func failed(_ fork: String?, _ response: SIPResponse, _ now: Moment) -> Effects {
        guard let fork else {
            return forks.isEmpty ? end(.refused(response)) : [.ignore("a failure after a notification")]
        }
        guard let index = forks.firstIndex(where: { $0.tag == fork }) else { return [] }
        if response.status == 481 { return drop(fork, .gone) }
        guard Self.isTransient(response.status) else { return drop(fork, .refused(response)) }
        // The subscription lasts until it expires (RFC 6665 section 4.1.2.2).
        forks[index].failures += 1
        let pause = min(30 << Int64(min(forks[index].failures - 1, 7)), 3600)
        return [.set(.refresh(fork: fork), at: now + .seconds(pause))]
    }

    private static func isTransient(_ status: Int) -> Bool {
        switch status {
        case 408, 491, 500, 503...599: true
        default: false
        }
    }

    // MARK: NOTIFY

    mutating func arrive(_ id: RequestID, _ request: SIPRequest, _ now: Moment) -> Effects {
        guard request.method == .notify else { return refuse(id, request, 405, [.allow: "NOTIFY"]) }
        guard let event = (try? request.headers.event()) ?? nil else { return refuse(id, request, 489) }
        guard event == plan.event else { return refuse(id, request, 481) }
        guard let state = (try? request.headers.subscriptionState()) ?? nil else {
            return refuse(id, request, 400)
        }
        if request.headers.contains(.require) {
            return refuse(id, request, 420, [.unsupported: request.headers[.require] ?? ""])
        }
        guard let index = fork(of: request) else { return refuse(id, request, 481) }
        switch forks[index].dialog.admit(request) {
        case .admitted: break
        case .foreign: return refuse(id, request, 481)
        case .outOfOrder:
            return refuse(id, request, 500, [.retryAfter: "\(supply.draw(0...10))"])
        case .malformed(let error): return refuse(id, request, error.status)
        }
        forks[index].dialog.refreshTarget(request.headers)
        guard isAccepted(request) else {
            return refuse(id, request, 415, [.accept: plan.accept.joined(separator: ", ")])
                + follow(state, forks[index].tag, now)
        }
        let body = request.headers[.contentType].flatMap { type in
            request.body.isEmpty ? nil : Notification(type, request.body)
        }
        let tag = forks[index].tag
        let answer = request.response(200, headers: settings.headers)
        return [.send(.respond(id, answer)), .send(.event(.notified(state, body, fork: tag)))]
            + follow(state, tag, now)
    }

    /// The dialog of a NOTIFY; a first one makes it, if there may be one more.
    private mutating func fork(of request: SIPRequest) -> Int? {
        guard let from = try? request.headers.from(), let to = try? request.headers.to(),
            (try? request.headers.callID()) == plan.callID, to.tag == plan.localTag
        else { return nil }
        let tag = from.tag ?? ""
        if let index = forks.firstIndex(where: { $0.tag == tag }) { return index }
        guard phase == .running, forks.isEmpty || (plan.keepsForks && forks.count < Self.maximumForks),
            let first = try? request.headers.cSeq().number, first > 0,
            let dialog = try? SIPDialog(
                subscribing: plan.localTag,
                lastNumber: number,
                notified: request
            )
        else { return nil }
        forks.append(Fork(dialog: dialog))
        return forks.count - 1
    }

    private func isAccepted(_ request: SIPRequest) -> Bool {
        if let coding = request.headers[.contentEncoding], !ASCII.equalIgnoringCase(coding, "identity") {
            return false
        }
        guard !plan.accept.isEmpty, !request.body.isEmpty,
            let type = (try? request.headers.contentType()) ?? nil
        else { return true }
        return plan.accept.contains { ASCII.equalIgnoringCase($0, type.essence) }
    }

    /// Does what a subscription's state asks for (RFC 6665 section 4.1.3).
    private mutating func follow(_ state: SIPSubscriptionState, _ tag: String, _ now: Moment) -> Effects {
        let stop: Effects = phase == .leaving ? [] : [.cancel(.n)]
        guard state.state != .terminated else {
            return stop
                + drop(tag, phase == .leaving || plan.expires == 0 ? .unsubscribed : .terminated(state))
        }
        guard phase == .running else { return stop }
        // What the notifier says counts, and may only be shorter than what is known already; what is as long as that,
        // but for the way here and a rounded second, must not put the refresh off.
        let seconds = min(state.expires ?? granted ?? expires, max(granted ?? expires, expires))
        if let known = forks.first(where: { $0.tag == tag })?.deadline,
            known < now + .seconds(Int64(seconds) + 2)
        {
            return stop
        }
        return stop + schedule(tag, seconds, now)
    }

    /// Sets the timers of a subscription that lasts so many seconds more.
    private mutating func schedule(_ tag: String, _ seconds: UInt32, _ now: Moment) -> Effects {
        let share = supply.draw(765...850)
        if let index = forks.firstIndex(where: { $0.tag == tag }) {
            forks[index].deadline = now + .seconds(Int64(seconds))
        }
        return [
            .set(.refresh(fork: tag), at: now + .milliseconds(Int64(seconds) * share)),
            .set(.expiry(fork: tag), at: now + .seconds(Int64(seconds))),
        ]
    }

    // MARK: The end

    /// Ends one fork, and with the last all.
    mutating func drop(_ tag: String, _ why: SubscriptionEnd) -> Effects {
        guard let index = forks.firstIndex(where: { $0.tag == tag }) else { return [] }
        guard forks.count > 1 else { return end(why) }
        forks.remove(at: index)
        sent.removeAll { $0.fork == tag }
        return [
            .cancel(.refresh(fork: tag)), .cancel(.expiry(fork: tag)),
            .send(.event(.forkEnded(why, fork: tag))),
        ]
    }

    mutating func end(_ why: SubscriptionEnd) -> Effects {
        var effects: Effects = [.cancel(.n)]
        for fork in forks {
            effects += [.cancel(.refresh(fork: fork.tag)), .cancel(.expiry(fork: fork.tag))]
        }
        (phase, forks, sent) = (.ended, [], [])
        return effects + [.send(.event(.ended(why)))]
    }

    func refuse(
        _ id: RequestID,
        _ request: SIPRequest,
        _ status: Int,
        _ others: SIPHeaders = SIPHeaders()
    ) -> Effects {
        guard request.method != .ack else { return [.ignore("an ACK of nothing")] }
        var headers = settings.headers
        headers.append(contentsOf: others)
        return [.send(.respond(id, request.response(status, headers: headers)))]
    }
}

extension SIPDialog {
    /// The dialog that a NOTIFY makes of our SUBSCRIBE (RFC 6665 section 4.1.2.4).
    init(
        subscribing localTag: String,
        lastNumber: UInt32,
        notified request: SIPRequest
    ) throws(SIPDialogFault) {
        try self.init(received: request, localTag: localTag, firstNumber: lastNumber &+ 1)
        confirm()
        forgetRemoteNumber()
    }
}
