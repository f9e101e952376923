package import BusContract
package import SIPGrammar
package import SIPTransport

/// Decides about a request before anything is done with it (RFC 3261 sections 8.2 and 16.3).
///
/// The order of the checks is the RFC's: method, Request-URI, Max-Forwards, loop, extensions, and then ours, who may cross.
package struct Admission {
    package enum Verdict: Hashable {
        case refuse(SIPAnswer)
        /// Answer with what can be done here (RFC 3261 section 11).
        case options
        /// Deliver to whoever translates it.
        case deliver(MessageParties)
    }

    /// What is answered to OPTIONS and 405.
    package static let allow = "MESSAGE, OPTIONS, CANCEL, ACK"
    package static let accept = """
        text/plain, text/html, message/cpim, multipart/alternative, multipart/mixed, \
        application/im-iscomposing+xml, message/imdn+xml
        """

    package var access: AccessRules
    /// Whether a Via is one that this edge has written.
    package var isOurs: (SIPVia) -> Bool

    package init(access: AccessRules, isOurs: @escaping (SIPVia) -> Bool = { _ in false }) {
        self.access = access
        self.isOurs = isOurs
    }

    package func verdict(on received: ReceivedRequest) -> Verdict {
        do throws(SIPSyntaxError) {
            return try check(received)
        } catch {
            return .refuse(SIPAnswer(error.status, reason: error.phrase))
        }
    }

    private func check(_ received: ReceivedRequest) throws(SIPSyntaxError) -> Verdict {
        let (request, mandatory) = (received.request, received.mandatory)
        guard let maxForwards = mandatory.maxForwards else {
            throw SIPSyntaxError(.missing, header: .maxForwards)
        }
        if let refusal = refusal(of: request.method) ?? refusal(of: request.uri, mandatory.to.uri) {
            return .refuse(refusal)
        }
        // A server that a request stops at answers OPTIONS itself (RFC 3261 section 11.2).
        if maxForwards == 0, request.method != .options { return .refuse(SIPAnswer(483)) }
        if try hasLooped(request) { return .refuse(SIPAnswer(482)) }
        if let refusal = try refusalOfExtensions(request) { return .refuse(refusal) }
        if request.method == .options { return .options }
        return try crossing(received)
    }

    private func refusal(of method: SIPMethod) -> SIPAnswer? {
        if method == .message || method == .options { return nil }
        // What nobody has registered is not recognised; what is, is not allowed (RFC 3261 sections 8.2.1 and 21.5.2).
        let status = SIPMethod.registered.contains(method) ? 405 : 501
        return SIPAnswer(status, headers: [.allow: Self.allow])
    }

    private func refusal(of uri: SIPRequestURI, _ to: SIPRequestURI) -> SIPAnswer? {
        for uri in [uri, to] {
            if case .sip(let uri) = uri, uri.isSecure {
                let warning = SIPWarning(380, agent: "causeway", text: "SIPS Not Allowed")
                return SIPAnswer(480, headers: [.warning: warning.description])
            }
        }
        if case .other = uri { return SIPAnswer(416) }
        return nil
    }

    private func hasLooped(_ request: SIPRequest) throws(SIPSyntaxError) -> Bool {
        var lines = 0
        for field in request.headers.fields where field.name == .via {
            lines += field.value.utf8.contains(UInt8(ascii: ",")) ? 2 : 1
        }
        guard lines > 1 else { return false }
        for via in try request.headers.vias() where isOurs(via) { return true }
        return false
    }

    private func refusalOfExtensions(_ request: SIPRequest) throws(SIPSyntaxError) -> SIPAnswer? {
        guard request.headers.contains(.require) else { return nil }
        let required = try request.headers.list(.require)
        guard !required.isEmpty else { return nil }
        // Not one extension is supported yet.
        return SIPAnswer(420, headers: [.unsupported: required.joined(separator: ", ")])
    }

    /// Who may cross (ARCHITECTURE section 8): no open relay.
    private func crossing(_ received: ReceivedRequest) throws(SIPSyntaxError) -> Verdict {
        guard case .sip(let target) = received.request.uri else { return .refuse(SIPAnswer(404)) }
        guard access.trusts(received.origin.address) else {
            return .refuse(SIPAnswer(403, reason: "Sender Not Trusted"))
        }
        guard let sender = try SenderIdentity(received) else {
            return .refuse(SIPAnswer(403, reason: "Sender Not Identified"))
        }
        guard !access.domains.contains(target.host.text) else {
            return .refuse(SIPAnswer(404, reason: "Domain Is Not Reached From Here"))
        }
        let mayCross =
            access.domains.contains(sender.uri.host.text) || access.foreignDomains.contains(target.host.text)
        guard mayCross else { return .refuse(SIPAnswer(403, reason: "Sender's Domain Is Not Served")) }
        return .deliver(MessageParties(sender: sender, target: target))
    }
}

/// Whom a message is from and to.
package struct MessageParties: Hashable {
    package var sender: SenderIdentity
    package var target: SIPURI

    /// The key of what the two say to each other, whoever speaks.
    package var conversation: ConversationKey {
        ConversationKey(between: Self.party(sender.uri), and: Self.party(target))
    }

    private static func party(_ uri: SIPURI) -> ConversationKey.Party {
        let user = uri.decodedUser.map { String(decoding: $0, as: UTF8.self) } ?? uri.user ?? ""
        return ConversationKey.Party(user: user, host: uri.host.text)
    }
}
