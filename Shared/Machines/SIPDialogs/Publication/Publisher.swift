public import MachineKit
public import SIPGrammar

// Conforms: RFC 3903 §4 (complete)

/// A publication as the one who makes it has it (RFC 3903 section 4).
///
/// One PUBLISH is under way at a time; of the states that come meanwhile the latest counts. What is published is kept
/// alive, and published anew where the compositor has forgotten it (412).
///
/// Kinds of impossible: responses to nothing are ignored; a compositor that gives no entity tag gets each state anew.
public struct Publisher: Machine, Hashable, Codable {
    public enum Input: Hashable, Sendable {
        case publish(SessionBody)
        case remove
        case response(RequestLabel, SIPResponse)
        case failed(RequestLabel, Int)
    }

    public enum Output: Hashable, Sendable {
        case request(RequestLabel, SIPRequest)
        case event(PublisherEvent)
    }

    public enum Timer: Hashable, Sendable, Codable {
        case refresh
    }

    enum Kind: Hashable, Sendable, Codable {
        case state(SessionBody)
        case refresh
        case removal
    }

    struct Sent: Hashable, Sendable, Codable {
        let label: RequestLabel
        let kind: Kind
    }

    private let plan: Publication
    private let settings: SessionSettings
    private var supply: Supply
    private var number: UInt32 = 0
    private var entityTag: String?
    /// The state that is, or is to be, with the compositor.
    private var state: SessionBody?
    private var sent: Sent?
    private var next: Kind?
    private var expires: UInt32
    private var tries = 0
    private var failures = 0

    /// - Parameters:
    ///   - plan: What is published, and the identifiers to be used.
    ///   - settings: What our requests say of us.
    ///   - seed: What the random part of refreshes is drawn from.
    public init(_ plan: Publication, settings: SessionSettings = SessionSettings(), seed: UInt64) {
        self.plan = plan
        self.settings = settings
        supply = Supply(settings: settings, seed: seed)
        expires = plan.expires
    }

    /// Whether nothing is published and nothing under way.
    public var isOver: Bool { entityTag == nil && sent == nil && next == nil && state == nil }

    public mutating func handle(_ input: Input, at now: Moment) -> Effects {
        switch input {
        case .publish(let body):
            state = body
            return want(.state(body))
        case .remove:
            state = nil
            guard entityTag != nil || sent != nil else { return [.ignore("nothing is published")] }
            return want(.removal)
        case .response(let label, let response): return receive(label, response, now)
        case .failed(let label, let status): return receive(label, SIPResponse(status), now)
        }
    }

    public mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch timer {
        case .refresh:
            guard let state, sent == nil else { return [.ignore("nothing to refresh")] }
            return want(entityTag == nil ? .state(state) : .refresh)
        }
    }

    private mutating func want(_ kind: Kind) -> Effects {
        guard sent == nil else {
            next = kind
            return []
        }
        if kind == .removal, entityTag == nil { return [.send(.event(.removed))] }
        return send(kind)
    }

    private mutating func send(_ kind: Kind) -> Effects {
        number += 1
        var from = plan.from
        from.tag = plan.localTag
        var to = plan.entity
        to.tag = nil
        var headers = SIPHeaders()
        for route in plan.routes { headers.append(.route, route.description) }
        headers.append(.from, from.description)
        headers.append(.to, to.description)
        headers.append(.callID, plan.callID)
        headers.append(.cSeq, SIPCSeq(number, .publish).description)
        headers.append(.event, plan.event.description)
        headers.append(.expires, kind == .removal ? "0" : "\(expires)")
        if let entityTag { headers.append(.sipIfMatch, entityTag) }
        headers.append(contentsOf: settings.headers)
        headers.append(contentsOf: plan.headers)
        var body: [UInt8] = []
        if case .state(let state) = kind {
            headers[.contentType] = state.contentType
            body = state.octets
        }
        let label = supply.label()
        sent = Sent(label: label, kind: kind)
        return [.send(.request(label, SIPRequest(.publish, to.uri, headers: headers, body: body)))]
    }

    private mutating func receive(_ label: RequestLabel, _ response: SIPResponse, _ now: Moment) -> Effects {
        guard response.isFinal else { return [.ignore("a provisional response")] }
        guard let sent, sent.label == label else {
            return [.ignore("a response to nothing that waits for one")]
        }
        self.sent = nil
        let effects = response.isSuccess ? taken(sent.kind, response, now) : failed(sent.kind, response, now)
        guard self.sent == nil, let next else { return effects }
        self.next = nil
        return effects + want(next)
    }

    private mutating func taken(_ kind: Kind, _ response: SIPResponse, _ now: Moment) -> Effects {
        (tries, failures) = (0, 0)
        guard kind != .removal else {
            entityTag = nil
            return [.cancel(.refresh), .send(.event(.removed))]
        }
        entityTag = response.headers[.sipETag]
        let seconds = (try? response.headers.expires()) ?? nil ?? expires
        let share = supply.draw(765...850)
        let refresh: Effects = [.set(.refresh, at: now + .milliseconds(Int64(max(seconds, 1)) * share))]
        return kind == .refresh ? refresh : refresh + [.send(.event(.published))]
    }

    private mutating func failed(_ kind: Kind, _ response: SIPResponse, _ now: Moment) -> Effects {
        switch response.status {
        case 412 where entityTag != nil:
            // The compositor has forgotten it (section 4.5): what counts now is published anew.
            entityTag = nil
            guard let state, kind != .removal else { return [.cancel(.refresh), .send(.event(.removed))] }
            next = nil
            return send(.state(state))
        case 423 where tries < 3 && kind != .removal:
            guard let least = (try? response.headers.number(.minExpires, atMost: UInt64(UInt32.max))) ?? nil,
                least > UInt64(expires)
            else { break }
            tries += 1
            expires = UInt32(least)
            return send(kind)
        case 408, 500, 503, 504:
            guard kind != .removal, state != nil else { break }
            failures += 1
            let pause = min(30 << Int64(min(failures - 1, 7)), 3600)
            return [.set(.refresh, at: now + .seconds(pause))]
        default: break
        }
        guard kind != .removal else {
            entityTag = nil
            return [.cancel(.refresh), .send(.event(.removed))]
        }
        state = nil
        return [.cancel(.refresh), .send(.event(.refused(response)))]
    }
}
