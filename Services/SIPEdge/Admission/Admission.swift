package import BusContract
package import MachineKit
package import SIPGrammar
package import SIPTransport

/// Decides about a request before anything is done with it (RFC 3261 sections 8.2 and 16.3).
///
/// The order of the checks is the RFC's: method, Request-URI, Max-Forwards, loop, extensions, and then ours, who may cross.
package struct Admission {
    package enum Verdict: Hashable {
        case refuse(Refusal)
        /// Answer with what can be done here (RFC 3261 section 11).
        case options
        /// Deliver to whoever translates it.
        case deliver(MessageParties)
    }

    package var access: AccessRules {
        didSet { if access != oldValue { authentication = Authentication(access, key: nonceKey) } }
    }
    /// What the services that run can do.
    package var routes: ServiceRoutes
    /// Whether a Via is one that this edge has written.
    package var isOurs: (SIPVia) -> Bool
    private var authentication: Authentication
    private let nonceKey: [UInt8]

    /// `nonceKey` is what digest nonces are made with: a secret of this process, or of all replicas.
    package init(
        access: AccessRules,
        nonceKey: [UInt8] = [],
        routes: ServiceRoutes = ServiceRoutes([ServiceOffer(.instantMessaging, claims: [SIPClaim(.message)])]
        ),
        isOurs: @escaping (SIPVia) -> Bool = { _ in false }
    ) {
        self.access = access
        self.routes = routes
        self.isOurs = isOurs
        self.nonceKey = nonceKey
        authentication = Authentication(access, key: nonceKey)
    }

    /// What becomes of a request that begins something.
    ///
    /// `transaction` tells it from others; what is answered to one who has to prove who he is depends on it and on the time.
    package mutating func verdict(
        on received: ReceivedRequest,
        transaction: UInt64,
        at now: WallTime
    ) -> Verdict {
        do throws(SIPSyntaxError) {
            return try check(received, transaction, now)
        } catch {
            return .refuse(Refusal(error))
        }
    }

    private mutating func check(
        _ received: ReceivedRequest,
        _ transaction: UInt64,
        _ now: WallTime
    ) throws(SIPSyntaxError) -> Verdict {
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
        if mandatory.maxForwards == 0, request.method != .options {
            return .refuse(Refusal(SIPAnswer(483), .hops))
        }
        if try hasLooped(request) { return .refuse(Refusal(SIPAnswer(482), .loop)) }
        if let refusal = try refusalOfExtensions(request) { return .refuse(refusal) }
        if request.method == .options { return .options }
        return try crossing(received, transaction, now)
    }

    /// Why a request within a dialog is refused before its dialog is looked for; whether there is one, its service knows.
    package func refusalInside(_ received: ReceivedRequest) -> Refusal? {
        do throws(SIPSyntaxError) {
            _ = try received.request.headers.contacts()
            return try refusalOfExtensions(received.request)
        } catch {
            return Refusal(error)
        }
    }

    private func refusal(of request: SIPRequest, _ to: SIPNameAddress) -> Refusal? {
        if request.method == .options { return nil }
        // No tag that a dialog of ours has looks like this one (RFC 3261 section 12.2.2).
        if to.tag != nil, Self.withinDialogs.contains(request.method), routes.allows(request.method) {
            return Refusal(SIPAnswer(481), .unknownDialog)
        }
        guard case .refuse(let answer) = routes.match(request) else { return nil }
        return Refusal(answer, .unsupported)
    }

    private static let withinDialogs: Set<SIPMethod> = [
        .invite, .bye, .prack, .update, .info, .notify, .subscribe, .refer,
    ]

    private func refusal(of uri: SIPRequestURI, _ to: SIPRequestURI) -> Refusal? {
        for uri in [uri, to] {
            if case .sip(let uri) = uri, uri.isSecure {
                let warning = SIPWarning(380, agent: "causeway", text: "SIPS Not Allowed")
                let answer = SIPAnswer(480, headers: [.warning: warning.description])
                return Refusal(answer, .unreachable)
            }
        }
        if case .other = uri { return Refusal(SIPAnswer(416), .unreachable) }
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

    private func refusalOfExtensions(_ request: SIPRequest) throws(SIPSyntaxError) -> Refusal? {
        guard request.headers.contains(.require) else { return nil }
        let unknown = try request.headers.list(.require).filter {
            !routes.supported.contains($0.lowercased())
        }
        guard !unknown.isEmpty, request.method != .ack, request.method != .cancel else { return nil }
        let answer = SIPAnswer(420, headers: [.unsupported: unknown.joined(separator: ", ")])
        return Refusal(answer, .unsupported)
    }

    /// Who may cross (ARCHITECTURE section 8): no open relay, and nobody who is not who he says.
    ///
    /// Whoever could not cross whoever he is, is not asked to prove it.
    private mutating func crossing(
        _ received: ReceivedRequest,
        _ transaction: UInt64,
        _ now: WallTime
    ) throws(SIPSyntaxError) -> Verdict {
        guard case .sip(let target) = received.request.uri else {
            return .refuse(Refusal(SIPAnswer(404), .unreachable))
        }
        let isTrusted = access.trusts(received.origin.address)
        guard let sender = try SenderIdentity(received, isTrusted: isTrusted) else {
            return .refuse(Refusal(SIPAnswer(403, reason: "Sender Not Identified"), .unverified))
        }
        guard !access.domains.contains(target.host.text) else {
            let answer = SIPAnswer(404, reason: "Domain Is Not Reached From Here")
            return .refuse(Refusal(answer, .unreachable))
        }
        let mayCross =
            access.domains.contains(sender.uri.host.text) || access.foreignDomains.contains(target.host.text)
        guard mayCross else {
            return .refuse(Refusal(SIPAnswer(403, reason: "Sender's Domain Is Not Served"), .relay))
        }
        let parties = MessageParties(sender: sender, target: target)
        if isTrusted || proves(received.origin, sender.uri) { return .deliver(parties) }
        let verdict = try authentication.verdict(
            on: received.request,
            from: sender.uri,
            transaction: transaction,
            at: now
        )
        switch verdict {
        case .verified: return .deliver(parties)
        case .refused(let refusal): return .refuse(refusal)
        }
    }

    /// Whether the peer's certificate is for the domain of a sender (RFC 5922 section 7.3).
    private func proves(_ origin: MessageOrigin, _ sender: SIPURI) -> Bool {
        guard case .name(let domain) = sender.host else { return false }
        return origin.proven.contains(domain)
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
