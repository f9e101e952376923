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

    package var access: AccessRules
    /// What the services that run can do.
    package var routes: ServiceRoutes
    /// Whether a Via is one that this edge has written.
    package var isOurs: (SIPVia) -> Bool

    package init(
        access: AccessRules,
        routes: ServiceRoutes = ServiceRoutes([ServiceOffer(.instantMessaging, claims: [SIPClaim(.message)])]
        ),
        isOurs: @escaping (SIPVia) -> Bool = { _ in false }
    ) {
        self.access = access
        self.routes = routes
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
        // The cookie promises a unique branch (RFC 4475 section 3.2.1).
        if mandatory.via.branch == SIPVia.magicCookie { throw SIPSyntaxError(.value, header: .via) }
        // Nobody could be reached by it, whatever the method.
        _ = try request.headers.contacts()
        if let refusal = refusal(of: request, mandatory.to) ?? refusal(of: request.uri, mandatory.to.uri) {
            return .refuse(refusal)
        }
        // A server that a request stops at answers OPTIONS itself (RFC 3261 section 11.2); whoever knows RFC 2543 alone
        // sends no Max-Forwards, and may (section 16.3).
        if mandatory.maxForwards == 0, request.method != .options { return .refuse(SIPAnswer(483)) }
        if try hasLooped(request) { return .refuse(SIPAnswer(482)) }
        if let refusal = try refusalOfExtensions(request) { return .refuse(refusal) }
        if request.method == .options { return .options }
        return try crossing(received)
    }

    /// Why a request within a dialog is refused before its dialog is looked for; whether there is one, its service knows.
    package func refusalInside(_ received: ReceivedRequest) -> SIPAnswer? {
        do throws(SIPSyntaxError) {
            _ = try received.request.headers.contacts()
            return try refusalOfExtensions(received.request)
        } catch {
            return SIPAnswer(error.status, reason: error.phrase)
        }
    }

    private func refusal(of request: SIPRequest, _ to: SIPNameAddress) -> SIPAnswer? {
        if request.method == .options { return nil }
        // No tag that a dialog of ours has looks like this one (RFC 3261 section 12.2.2).
        if to.tag != nil, Self.withinDialogs.contains(request.method), routes.allows(request.method) {
            return SIPAnswer(481)
        }
        guard case .refuse(let answer) = routes.match(request) else { return nil }
        return answer
    }

    private static let withinDialogs: Set<SIPMethod> = [
        .invite, .bye, .prack, .update, .info, .notify, .subscribe, .refer,
    ]

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
        let unknown = try request.headers.list(.require).filter {
            !routes.supported.contains($0.lowercased())
        }
        guard !unknown.isEmpty, request.method != .ack, request.method != .cancel else { return nil }
        return SIPAnswer(420, headers: [.unsupported: unknown.joined(separator: ", ")])
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
