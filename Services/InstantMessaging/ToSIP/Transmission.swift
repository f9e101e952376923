import Addressing
import BusContract
import MachineKit
import Payloads
import SIPGrammar
import XMPPGrammar

/// One message on its way to SIP: what was tried, what is being tried, and what is left to try.
///
/// ```
///            too large: lighter, or cut                refused: another shape, another address
///         ┌──────────────────────────┐              ┌───────────────────────────────────────┐
///         ▼                          │              ▼                                       │
///   whole / part 1 ──▶ sent ─────────┴──▶ answered ─┴─▶ 2xx: part 2 … ──▶ finished
///                                             └───────▶ failed (and how many parts were delivered)
/// ```
///
/// Nothing is sent again that may have been delivered: only refusals (3xx to 5xx) and messages that never left are
/// tried in another way, each way once.
struct Transmission: Hashable, Sendable {
    /// What to do next.
    enum Step: Hashable, Sendable {
        /// Send ``Transmission/text`` in its ``Transmission/shape``.
        case send
        case finished
        case failed(StanzaError)
        /// There was no room, and nothing has been delivered.
        case busy(retryAfter: Duration)
    }

    private enum Progress: Hashable, Sendable {
        case whole
        case parts(delivered: Int, rest: [String])
    }

    /// RFC 3428 section 8.
    private static let pageLimit = 1300
    /// What an edge may add to a request that did not say how much room it had.
    private static let assumedAddition = 200

    let errand: Errand
    private(set) var shape: MessageShape
    /// What is being sent: all of the text, or one part.
    private(set) var text: String
    /// The delivery that carries what is being sent: the same after a restart, and never the same for two requests.
    private(set) var dispatch: DeliveryID
    private var progress = Progress.whole
    private var redirections = Redirections()
    private var attempts = 1
    private var hasTriedUser = false

    init(_ errand: Errand, _ memory: ConversationMemory, at now: Moment) {
        self.errand = errand
        let draft = errand.draft
        let isMarkedUp = draft.page.markup != .none && memory.abilities.understandsMarkup(at: now)
        shape = MessageShape(
            target: draft.target,
            carriesDevice: draft.device != draft.from && memory.senderGRUU.isCarried(to: draft.to.host.text),
            carriesSubject: draft.page.subject != nil,
            carriesMarkup: isMarkedUp
        )
        text = draft.page.text
        dispatch = errand.delivery.child("whole")
    }

    /// What became of the last thing sent, and so what is next.
    mutating func conclude(
        _ outcome: Outcome,
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        at now: Moment
    ) -> Step {
        switch outcome {
        case .ok(.sipResponse(let response)?): answered(response, rules, &memory, now)
        case .ok: delivered()
        case .failed(let failure) where failure.reason == .tooLarge: shrink(to: failure.room, rules)
        case .failed(let failure): failed(failure, rules)
        case .redirect: fail(StanzaError(.internalServerError, text: "no service sends this", language: "en"))
        case .busy(let pause): refused(for: pause)
        }
    }

    /// Gives up.
    func fail(_ error: StanzaError) -> Step { .failed(complete(error)) }

    /// The error as its sender reads it; whoever wrote a long text hears how much of it arrived.
    func complete(_ error: StanzaError) -> StanzaError {
        var error = error
        error.by = error.by ?? errand.draft.page.recipient.domain
        if case .parts(let count, let rest) = progress {
            let reason = error.text.map { ": \($0)" } ?? ""
            error.text = "\(count) of \(count + 1 + rest.count) parts were delivered\(reason)"
            error.language = "en"
        }
        return error
    }

    private mutating func resend(_ change: (inout MessageShape) -> Void) -> Step {
        change(&shape)
        return send(attempt: attempts + 1)
    }

    private mutating func send(attempt: Int) -> Step {
        attempts = attempt
        let suffix = attempt == 1 ? "" : " attempt \(attempt)"
        dispatch =
            switch progress {
            case .whole: errand.delivery.child("whole\(suffix)")
            // A part's name has its text in it: an owner who knows less of the peer than the one before him may cut
            // elsewhere, and what he sends must not be taken for a part that was delivered.
            case .parts(let delivered, _): errand.delivery.child("part \(delivered + 1)\(suffix): \(text)")
            }
        return .send
    }

    private mutating func delivered() -> Step {
        guard case .parts(let count, var rest) = progress, !rest.isEmpty else { return .finished }
        text = rest.removeFirst()
        progress = .parts(delivered: count + 1, rest: rest)
        shape.carriesSubject = false
        return send(attempt: 1)
    }

    private func refused(for pause: Duration) -> Step {
        if case .parts(delivered: 1..., rest: _) = progress {
            return fail(ErrorMap.stanzaError(forBusyBy: errand.draft.page.recipient.domain))
        }
        return .busy(retryAfter: pause)
    }
}

extension Transmission {
    private mutating func answered(
        _ response: SIPResponse,
        _ rules: PageRules,
        _ memory: inout ConversationMemory,
        _ now: Moment
    ) -> Step {
        let status = response.status
        let draft = errand.draft
        if (300...302).contains(status) {
            redirections.add(response, rules.policy)
        } else if status == 415, shape.carriesMarkup {
            memory.abilities.refusedMarkup(at: now)
            return resend { $0.carriesMarkup = false }
        } else if status == 404 || status == 480, mayTryUser {
            hasTriedUser = true
            return resend { $0.target = draft.to }
        }
        let isDeviceNamed = draft.device != draft.from
        let shallDropDevice =
            isDeviceNamed
            && memory.senderGRUU.learn(status, from: draft.to.host.text, carried: shape.carriesDevice)
        if (200...299).contains(status) { return delivered() }
        if shallDropDevice { return resend { $0.carriesDevice = false } }
        // Who is asked next was named by the recipient's own side; 6xx speaks for all of them.
        if status < 600, let contact = redirections.next() { return resend { $0.target = contact } }
        return fail(
            ErrorMap.stanzaError(for: response, domainIsUnknown: false, mapper: rules.addresses)
        )
    }

    /// The message was for a device that is not there, so the user may be found at another (MAPPING 4.11).
    private var mayTryUser: Bool {
        let draft = errand.draft
        switch draft.page.type {
        case .normal, .chat: return !hasTriedUser && shape.target == draft.target && draft.target != draft.to
        case .headline: return false
        }
    }

    private mutating func failed(_ failure: Failure, _ rules: PageRules) -> Step {
        switch failure.reason {
        case .domainNotFound, .unreachable, .insecure:
            if let contact = redirections.next() { return resend { $0.target = contact } }
        case .timeout, .tooLarge, .forbidden, .overloaded, .unsupported, .malformed, .deadline, .internal:
            break
        }
        return fail(ErrorMap.stanzaError(for: failure, by: errand.draft.page.recipient.domain))
    }
}

extension Transmission {
    /// The next hop cannot take so much: something is left out, or the text is cut (MAPPING 4.4).
    private mutating func shrink(to offered: Int?, _ rules: PageRules) -> Step {
        let writer = RequestWriter(draft: errand.draft, mint: rules.mint)
        let head = writer.headSize(shape)
        let room = max(0, offered ?? Self.pageLimit - Self.assumedAddition - head)
        let size = writer.bodySize(text, shape)
        guard room < size else {
            return fail(
                StanzaError(.internalServerError, text: "the next hop contradicts itself", language: "en")
            )
        }
        switch progress {
        case .whole:
            let plainRoom = room + head - writer.headSize(shape.plain)
            let lightRoom = room + head - writer.headSize(shape.light)
            if shape.carriesMarkup, text.utf8.count <= plainRoom { return resend { $0 = $0.plain } }
            if shape != shape.light, text.utf8.count <= lightRoom { return resend { $0 = $0.light } }
            guard rules.configuration.splits else { return tooLong(by: size - room) }
            return cut(text, plainRoom: plainRoom, lightRoom: lightRoom) ?? tooLong(by: size - room)
        case .parts(delivered: let count, let rest):
            guard var parts = TextSplitter.parts(of: text + rest.joined(), maximum: room) else {
                return tooLong(by: size - room)
            }
            text = parts.removeFirst()
            progress = .parts(delivered: count, rest: parts)
            return resend { _ in }
        }
    }

    /// Cuts the text; what else the message carries stays if it does not cost a part more.
    ///
    /// Nil when it cannot be cut.
    private mutating func cut(_ text: String, plainRoom: Int, lightRoom: Int) -> Step? {
        let plain = TextSplitter.parts(of: text, maximum: max(0, plainRoom))
        guard var parts = TextSplitter.parts(of: text, maximum: max(0, lightRoom)), !parts.isEmpty else {
            return nil
        }
        shape = shape.plain
        if let plain, plain.count <= parts.count { parts = plain } else { shape = shape.light }
        self.text = parts.removeFirst()
        progress = .parts(delivered: 0, rest: parts)
        return send(attempt: 1)
    }

    private func tooLong(by excess: Int) -> Step {
        let text = "message too long for SIP: \(Self.pageLimit + excess) > \(Self.pageLimit) octets"
        return fail(StanzaError(.policyViolation, type: .modify, text: text, language: "en"))
    }
}
