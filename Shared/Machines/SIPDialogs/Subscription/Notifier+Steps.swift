import MachineKit
import Octets
import SIPGrammar

extension Notifier {
    // MARK: SUBSCRIBE

    mutating func arrive(_ id: RequestID, _ request: SIPRequest, _ now: Moment) -> Effects {
        switch phase {
        case .idle: return begin(id, request)
        case .asked(let first, expires: _) where first.id == id:
            return [.ignore("a request that was told before")]
        case .asked: return answer(id, request, 500, retryAfter())
        case .active: return refresh(id, request, now)
        case .closing, .ended: return answer(id, request, 481)
        }
    }

    /// Takes the SUBSCRIBE that begins it all (RFC 6665 section 4.2.1.1).
    private mutating func begin(_ id: RequestID, _ request: SIPRequest) -> Effects {
        guard request.method == .subscribe, (try? request.headers.to())?.tag == nil else {
            return answer(id, request, 481)
        }
        guard let event = (try? request.headers.event()) ?? nil, rules.packages.contains(event.package) else {
            return refuse(id, request, 489, [.allowEvents: rules.packages.joined(separator: ", ")])
        }
        guard accepts(request) else { return refuse(id, request, 406) }
        if let required = request.headers[.require] {
            return refuse(id, request, 420, [.unsupported: required])
        }
        let expires: UInt32
        switch granted(request) {
        case .success(let seconds): expires = seconds
        case .failure(let fault): return refuse(id, request, fault.status, fault.headers)
        }
        do throws(SIPDialogFault) {
            dialog = try SIPDialog(received: request, localTag: tag)
        } catch {
            return refuse(id, request, error.status)
        }
        guard let arrival = ArrivedRequest(id, request) else { return refuse(id, request, 400) }
        self.event = event
        phase = .asked(arrival, expires: expires)
        return [.send(.event(.subscribed(event, expires: expires)))]
    }

    private func accepts(_ request: SIPRequest) -> Bool {
        guard !rules.types.isEmpty, request.headers.contains(.accept),
            let ranges = try? request.headers.parameterizedList(.accept)
        else { return true }
        return ranges.contains { range in
            range.text == "*/*"
                || rules.types.contains { type in
                    ASCII.equalIgnoringCase(range.text, type)
                        || (range.text.hasSuffix("/*") && type.hasPrefix(range.text.dropLast()))
                }
        }
    }

    struct Fault: Error {
        let status: Int
        let headers: SIPHeaders
    }

    /// For how many seconds a SUBSCRIBE is granted (RFC 6665 section 4.2.1.1).
    private func granted(_ request: SIPRequest) -> Result<UInt32, Fault> {
        guard let asked = try? request.headers.expires() else {
            return request.headers.contains(.expires)
                ? .failure(Fault(status: 400, headers: SIPHeaders())) : .success(rules.expires)
        }
        guard asked == 0 || asked >= rules.minimumExpires else {
            return .failure(Fault(status: 423, headers: [.minExpires: "\(rules.minimumExpires)"]))
        }
        return .success(min(asked, rules.maximumExpires))
    }

    /// Takes a SUBSCRIBE inside the dialog.
    private mutating func refresh(_ id: RequestID, _ request: SIPRequest, _ now: Moment) -> Effects {
        guard var dialog else { return answer(id, request, 481) }
        let admission = dialog.admit(request)
        self.dialog = dialog
        switch admission {
        case .admitted: break
        case .foreign: return answer(id, request, 481)
        case .outOfOrder: return answer(id, request, 500, retryAfter())
        case .malformed(let error): return answer(id, request, error.status)
        }
        guard request.method == .subscribe else {
            return answer(id, request, 405, [.allow: "SUBSCRIBE, NOTIFY"])
        }
        guard (try? request.headers.event()) ?? nil == event else { return answer(id, request, 481) }
        let expires: UInt32
        switch granted(request) {
        case .success(let seconds): expires = seconds
        case .failure(let fault): return answer(id, request, fault.status, fault.headers)
        }
        self.dialog?.refreshTarget(request.headers)
        let answer = answer(id, request, 200, success(expires))
        guard expires > 0 else {
            phase = .closing
            return answer + [
                .cancel(.expiry), .set(.closing, at: now + rules.patience), .send(.event(.unsubscribed)),
            ]
        }
        return answer + schedule(expires, now) + [.send(.event(.stateWanted))]
    }

    private func success(_ expires: UInt32) -> SIPHeaders {
        [.contact: contact.description, .expires: "\(expires)"]
    }

    private mutating func schedule(_ expires: UInt32, _ now: Moment) -> Effects {
        let end = now + .seconds(Int64(expires))
        deadline = end
        return [.set(.expiry, at: end)]
    }

    private mutating func retryAfter() -> SIPHeaders { [.retryAfter: "\(supply.draw(0...10))"] }

    private func answer(
        _ id: RequestID,
        _ request: SIPRequest,
        _ status: Int,
        _ others: SIPHeaders = SIPHeaders()
    ) -> Effects {
        guard request.method != .ack else { return [.ignore("an ACK of nothing")] }
        var headers = settings.headers
        headers.append(contentsOf: others)
        return [.send(.respond(id, request.response(status, toTag: tag, headers: headers)))]
    }

    /// Refuses the first SUBSCRIBE without asking the owner.
    private mutating func refuse(
        _ id: RequestID,
        _ request: SIPRequest,
        _ status: Int,
        _ others: SIPHeaders = SIPHeaders()
    ) -> Effects {
        phase = .ended
        return answer(id, request, status, others) + [.send(.event(.ended(.refused(status))))]
    }

    // MARK: The owner

    mutating func refuse(_ status: Int, _ others: SIPHeaders) -> Effects {
        guard case .asked(let first, expires: _) = phase else { return [.ignore("nothing to refuse")] }
        phase = .ended
        var headers = settings.headers
        headers.append(contentsOf: others)
        let response = first.response(max(status, 300), tag: tag, headers: headers)
        return [.send(.respond(first.id, response)), .send(.event(.ended(.refused(status))))]
    }

    mutating func accept(
        _ state: SIPSubscriptionState.State,
        _ body: Notification?,
        _ now: Moment
    ) -> Effects {
        guard case .asked(let first, let expires) = phase else { return [.ignore("nothing to accept")] }
        dialog?.confirm()
        phase = .active
        var headers = SIPHeaders()
        for route in first.recordRoutes { headers.append(.recordRoute, route) }
        headers.append(contentsOf: success(expires))
        headers.append(contentsOf: settings.headers)
        let answer: Effects = [.send(.respond(first.id, first.response(200, tag: tag, headers: headers)))]
        guard expires > 0 else {
            // Whoever asks for no time is told once (RFC 6665 section 4.4.3).
            return answer + terminate(.terminated("timeout"), body, .unsubscribed, now)
        }
        return answer + schedule(expires, now) + notify(state, body, now)
    }

    mutating func notify(
        _ state: SIPSubscriptionState.State,
        _ body: Notification?,
        _ now: Moment
    ) -> Effects {
        switch phase {
        case .active:
            guard state != .terminated else {
                return terminate(.terminated(nil), body, .terminated, now)
            }
            return send(Waiting(state: SIPSubscriptionState(state), body: body), now)
        case .closing:
            return terminate(.terminated("timeout"), body, .unsubscribed, now)
        case .idle, .asked, .ended:
            return [.ignore("nobody to tell")]
        }
    }

    /// Sends the last notification.
    mutating func terminate(
        _ state: SIPSubscriptionState,
        _ body: Notification?,
        _ why: NotifierEnd,
        _ now: Moment
    ) -> Effects {
        switch phase {
        case .active, .closing:
            phase = .ended
            return [.cancel(.expiry), .cancel(.closing)] + send(Waiting(state: state, body: body), now)
                + [.send(.event(.ended(why)))]
        case .idle, .asked, .ended:
            return [.ignore("nobody to tell")]
        }
    }

    // MARK: NOTIFY

    private mutating func send(_ notification: Waiting, _ now: Moment) -> Effects {
        guard outstanding == nil else {
            guard waiting.count < Self.maximumWaiting else {
                // Who is so slow is told the whole state as soon as it can hear it.
                waiting = notification.state.state == .terminated ? [notification] : []
                return [.send(.event(.stateWanted))]
            }
            waiting.append(notification)
            return []
        }
        guard var dialog else { return [.ignore("nobody to tell")] }
        var state = notification.state
        if state.state != .terminated, let deadline {
            state.expires = UInt32(clamping: max(0, (deadline - now).components.seconds))
        }
        var headers: SIPHeaders = [
            .contact: contact.description, .event: event.description, .subscriptionState: state.description,
        ]
        headers.append(contentsOf: settings.headers)
        if let body = notification.body { headers[.contentType] = body.contentType }
        let label = supply.label()
        outstanding = label
        let request = dialog.request(.notify, headers: headers, body: notification.body?.octets ?? [])
        self.dialog = dialog
        return [.send(.request(label, request))]
    }

    mutating func receive(_ label: RequestLabel, _ response: SIPResponse, _ now: Moment) -> Effects {
        guard response.isFinal else { return [.ignore("a provisional response")] }
        guard label == outstanding else { return [.ignore("a response to nothing that waits for one")] }
        outstanding = nil
        guard response.status == 408 || ResponseImpact(of: response.status) != .transaction else {
            dialog?.refreshTarget(response.headers)
            let news: Effects = phase == .ended ? [] : [.send(.event(.delivered))]
            guard !waiting.isEmpty else { return news }
            return news + send(waiting.removeFirst(), now)
        }
        // The subscriber is not there any more (RFC 6665 section 4.2.2).
        waiting = []
        guard phase != .ended else { return [] }
        phase = .ended
        return [.cancel(.expiry), .cancel(.closing), .send(.event(.ended(.lost(response.status))))]
    }
}
