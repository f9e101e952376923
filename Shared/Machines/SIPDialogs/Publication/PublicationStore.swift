public import MachineKit
public import SIPGrammar

// Conforms: RFC 3903 §6 (complete, for one entity and one package)

/// What others have published of one entity, as the one who puts it together has it (RFC 3903 section 6).
///
/// Entity tags begin with what the store is given, and count on.
///
/// Kinds of impossible: an entity tag that is not known, or no more, is answered 412.
public struct PublicationStore: Machine, Hashable, Codable {
    public enum Input: Hashable, Sendable {
        case request(RequestID, SIPRequest)
    }

    public enum Output: Hashable, Sendable {
        case respond(RequestID, SIPResponse)
        /// What is published has changed: ``PublicationStore/states`` says what it is now.
        case changed
    }

    public enum Timer: Hashable, Sendable, Codable {
        /// The publication of this number has expired.
        case expiry(UInt32)
    }

    struct Entry: Hashable, Sendable, Codable {
        let number: UInt32
        var entityTag: String
        var state: SessionBody
    }

    /// How many publications of one entity are kept.
    public static let maximumEntries = 32

    private let prefix: String
    private let rules: NotifierSettings
    private let headers: SIPHeaders
    private var entries: [Entry] = []
    private var serial: UInt32 = 0

    /// - Parameters:
    ///   - prefix: What entity tags begin with: a token that no other store has.
    ///   - rules: Packages, media types and intervals that are taken.
    ///   - headers: What is added to every response.
    public init(prefix: String, rules: NotifierSettings, headers: SIPHeaders = SIPHeaders()) {
        self.prefix = prefix
        self.rules = rules
        self.headers = headers
    }

    /// What is published, the oldest first.
    public var states: [SessionBody] { entries.map(\.state) }

    public mutating func handle(_ input: Input, at now: Moment) -> Effects {
        switch input {
        case .request(let id, let request): publish(id, request, now)
        }
    }

    public mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
        switch timer {
        case .expiry(let number):
            guard let index = entries.firstIndex(where: { $0.number == number }) else {
                return [.ignore("a timer of another state")]
            }
            entries.remove(at: index)
            return [.send(.changed)]
        }
    }

    private mutating func publish(_ id: RequestID, _ request: SIPRequest, _ now: Moment) -> Effects {
        guard request.method == .publish else { return answer(id, request, 405, [.allow: "PUBLISH"]) }
        guard let event = (try? request.headers.event()) ?? nil, rules.packages.contains(event.package) else {
            return answer(id, request, 489, [.allowEvents: rules.packages.joined(separator: ", ")])
        }
        guard let asked = try? request.headers.expires() ?? rules.expires else {
            return answer(id, request, 400)
        }
        guard asked == 0 || asked >= rules.minimumExpires else {
            return answer(id, request, 423, [.minExpires: "\(rules.minimumExpires)"])
        }
        let expires = min(asked, rules.maximumExpires)
        let type = try? request.headers.contentType()
        let state =
            request.body.isEmpty ? nil : SessionBody(request.headers[.contentType] ?? "", request.body)
        if state != nil, !rules.types.isEmpty, !rules.types.contains(type?.essence ?? "") {
            return answer(id, request, 415, [.accept: rules.types.joined(separator: ", ")])
        }
        if let entityTag = request.headers[.sipIfMatch] {
            return change(id, request, entityTag, state, expires, now)
        }
        guard let state, expires > 0 else { return answer(id, request, 400) }
        guard entries.count < Self.maximumEntries else { return answer(id, request, 503) }
        let entry = Entry(number: serial &+ 1, entityTag: nextTag(), state: state)
        entries.append(entry)
        return took(id, request, entry, expires, now) + [.send(.changed)]
    }

    /// A refresh, a change or a removal of what is there (section 6, step 4).
    private mutating func change(
        _ id: RequestID,
        _ request: SIPRequest,
        _ entityTag: String,
        _ state: SessionBody?,
        _ expires: UInt32,
        _ now: Moment
    ) -> Effects {
        guard let index = entries.firstIndex(where: { $0.entityTag == entityTag }) else {
            return answer(id, request, 412)
        }
        guard expires > 0 else {
            let entry = entries.remove(at: index)
            return answer(id, request, 200, [.expires: "0", .sipETag: entry.entityTag])
                + [.cancel(.expiry(entry.number)), .send(.changed)]
        }
        entries[index].entityTag = nextTag()
        if let state { entries[index].state = state }
        let answer = took(id, request, entries[index], expires, now)
        return state == nil ? answer : answer + [.send(.changed)]
    }

    private mutating func nextTag() -> String {
        serial &+= 1
        return "\(prefix)\(serial)"
    }

    private func took(
        _ id: RequestID,
        _ request: SIPRequest,
        _ entry: Entry,
        _ expires: UInt32,
        _ now: Moment
    ) -> Effects {
        answer(id, request, 200, [.expires: "\(expires)", .sipETag: entry.entityTag])
            + [.set(.expiry(entry.number), at: now + .seconds(Int64(expires)))]
    }

    private func answer(
        _ id: RequestID,
        _ request: SIPRequest,
        _ status: Int,
        _ others: SIPHeaders = SIPHeaders()
    ) -> Effects {
        var all = headers
        all.append(contentsOf: others)
        return [.send(.respond(id, request.response(status, toTag: "\(prefix)0", headers: all)))]
    }
}
