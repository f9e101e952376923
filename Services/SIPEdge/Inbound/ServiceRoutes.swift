package import BusContract
package import SIPGrammar

/// Which service takes which request, and what is said of what can be done here: both from what services offer.
package struct ServiceRoutes: Sendable {
    /// Where a request goes, and which conversation it belongs to.
    package struct Route: Hashable, Sendable {
        package var service: ServiceName
        package var keying: SIPClaim.Keying

        package init(_ service: ServiceName, keying: SIPClaim.Keying) {
            self.service = service
            self.keying = keying
        }
    }

    package enum Match: Hashable, Sendable {
        case route(Route)
        case refuse(SIPAnswer)
    }

    /// What every edge does by itself.
    private static let own: [SIPMethod] = [.options, .cancel, .ack]
    private static let eventful: Set<SIPMethod> = [.subscribe, .publish]

    private let methods: Set<SIPMethod>
    private var claims: [SIPMethod: [(claim: SIPClaim, service: ServiceName)]] = [:]
    /// What Allow, Accept, Allow-Events and Supported say.
    package private(set) var allow: String
    package private(set) var accept: String
    package private(set) var events: String
    package private(set) var supported: Set<String>

    package init(_ offers: [ServiceOffer]) {
        var methods: [SIPMethod] = []
        var (accept, events): ([String], [String]) = ([], [])
        supported = []
        for offer in offers {
            for claim in offer.claims {
                claims[claim.method, default: []].append((claim, offer.service))
                if case .event(let package) = claim.subject { events.append(package) }
            }
            methods += offer.claims.map(\.method) + offer.allow
            accept += offer.accept
            supported.formUnion(offer.supported)
        }
        methods += Self.own
        self.methods = Set(methods)
        allow = Self.list(methods.map(\.name))
        self.accept = Self.list(accept)
        self.events = Self.list(events)
    }

    /// The headers of an answer to OPTIONS (RFC 3261 section 11.2).
    package var headers: SIPHeaders {
        var headers: SIPHeaders = [.allow: allow, .accept: accept, .supported: Self.list(supported.sorted())]
        if !events.isEmpty { headers[.allowEvents] = events }
        return headers
    }

    /// Whether any service has to do with a method.
    package func allows(_ method: SIPMethod) -> Bool { methods.contains(method) }

    /// Who takes a request that begins something.
    package func match(_ request: SIPRequest) -> Match {
        guard let candidates = claims[request.method] else {
            // What nobody has registered is not recognised; what is, is not allowed (RFC 3261 sections 8.2.1, 21.5.2).
            let status = SIPMethod.registered.contains(request.method) ? 405 : 501
            return .refuse(SIPAnswer(status, headers: [.allow: allow]))
        }
        let media = MediaTypes(of: request)
        let fitting =
            candidates.first { fits($0.claim.subject, request, media) }
            ?? candidates.first {
                $0.claim.subject == .anything
            }
        if let (claim, service) = fitting { return .route(Route(service, keying: claim.keying)) }
        // An INVITE without an offer may become anything: the first who takes INVITEs is the likeliest.
        if request.method == .invite, media.isEmpty, let (claim, service) = candidates.first {
            return .route(Route(service, keying: claim.keying))
        }
        return .refuse(refusal(of: request))
    }

    private func fits(_ subject: SIPClaim.Subject, _ request: SIPRequest, _ media: MediaTypes) -> Bool {
        switch subject {
        case .anything: false
        case .event(let package): eventPackage(request) == package.lowercased()
        case .media(let type): media.contains(type)
        }
    }

    private func refusal(of request: SIPRequest) -> SIPAnswer {
        if Self.eventful.contains(request.method) {
            return SIPAnswer(489, headers: [.allowEvents: events])
        }
        let warning = SIPWarning(304, agent: "causeway", text: "Media type not available")
        return SIPAnswer(488, headers: [.warning: warning.description])
    }

    private func eventPackage(_ request: SIPRequest) -> String? {
        request.headers[.event].map { value in
            let package = value.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != 32 && $0 != 9 }
            return String(decoding: package, as: UTF8.self).lowercased()
        }
    }

    /// Without what comes twice, in the order of its first coming.
    private static func list(_ items: [String]) -> String {
        var seen: Set<String> = []
        return items.filter { seen.insert($0).inserted }.joined(separator: ", ")
    }
}
