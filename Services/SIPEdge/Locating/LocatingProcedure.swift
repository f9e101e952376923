import NIOCore
import Resolver
package import SIPGrammar
package import SIPTransport

// Conforms: RFC 3263 §4 (complete)
// Conforms: RFC 7118 §5.5 (complete)

/// Finds the servers of a URI (RFC 3263 section 4), as a value that says what to ask and is told the answers.
///
///     URI ──► address ──────────────────────────────────────────────► found
///         ──► port ─────────────────────────────────► A, AAAA ──────► found
///         ──► transport ───────────► SRV of it ─────► A, AAAA ──────► found
///         ──► neither ──► NAPTR ───► SRV of each ───► A, AAAA ──────► found
///
/// Without NAPTR records each transport's SRV is asked for, without SRV records the domain is taken for a host. Where the
/// domain states no preference, it is UDP, TCP, TLS: what is too large for UDP passes over it (RFC 3261 section 18.1.1).
///
/// Kinds of impossible: answers to what was not asked are ignored; an answer that is missing counts as a name server that
/// did not answer; neither stops the procedure.
package struct LocatingProcedure: Sendable {
    package enum Step: Hashable, Sendable {
        /// Ask all of these, and come back with all that was answered.
        case ask([LocatingQuestion])
        case found(Location)
        case failed(LocationFailure)
    }

    /// A transport and where its SRV records are.
    private struct Candidate: Hashable {
        var transport: TransportProtocol
        var service: String
    }

    private enum State: Hashable {
        case pointers
        /// Whether the domain itself has pointed to them.
        case services([Candidate], isChosen: Bool)
        case addresses([Location.Service])
    }

    /// Servers of one service that are looked at, in the order of their priorities.
    private static let mostServers = 16
    /// Addresses of one server that are tried.
    private static let mostAddresses = 8

    private let subject: LocatingSubject
    private let transports: Set<TransportProtocol>
    private var state = State.pointers
    private var isSecure = true
    private var timeToLive = Duration.seconds(3600)

    /// `transports` are those that this gateway can send by.
    package init(_ uri: SIPURI, transports: Set<TransportProtocol>) {
        self.init(LocatingSubject(uri), transports: transports)
    }

    package init(_ subject: LocatingSubject, transports: Set<TransportProtocol>) {
        self.subject = subject
        self.transports = transports
    }

    /// The first step; an address needs no other.
    package mutating func begin() -> Step {
        guard let target = subject.target else { return .failed(.notFound("maddr of \(subject.domain)")) }
        let named = subject.named
        switch named {
        case .unknown(let name):
            return .failed(.unsupported("\(subject.domain) asks for an unknown transport: \(name)"))
        case .one(let transport) where !transports.contains(transport):
            return .failed(unsupported(transport))
        case .none where subject.isSecure && !transports.contains(.tls):
            return .failed(unsupported(.tls))
        case .none, .one: break
        }
        if target.isAddress {
            state = .addresses(host(target.text))
            return settle([
                .addresses(target.text): .addresses(ResolverAnswer([target.text], isSecure: true))
            ])
        }
        if subject.port != nil { return askAddresses(host(target.text)) }
        switch named {
        case .one(let transport):
            guard !transport.isWebSocket else { return askAddresses(host(target.text)) }
            return askServices([candidate(transport)], isChosen: true)
        case .none, .unknown:
            state = .pointers
            return .ask([.pointers(target.text)])
        }
    }

    /// Takes the answers to what was asked.
    package mutating func handle(_ replies: [LocatingQuestion: LocatingReply]) -> Step {
        note(replies)
        return switch state {
        case .pointers: takePointers(replies[.pointers(domain)])
        case .services(let candidates, let isChosen): takeServices(candidates, isChosen, replies)
        case .addresses: settle(replies)
        }
    }

    private var domain: String { subject.target?.text ?? "" }

    // MARK: NAPTR

    private mutating func takePointers(_ reply: LocatingReply?) -> Step {
        var candidates: [Candidate] = []
        switch reply {
        case .pointers(let answer):
            for record in NAPTRRecord.ordered(answer.records) {
                guard let candidate = candidate(record), !candidates.contains(candidate) else { continue }
                candidates.append(candidate)
            }
        case .failed(let error) where error.code == .bogus:
            return .failed(.bogus("\(error)"))
        // COMPAT: name servers that fail on types they do not know are many; whoever has SRV records is still found.
        case .failed, .services, .addresses, nil: break
        }
        if !candidates.isEmpty { return askServices(candidates, isChosen: true) }
        let usual: [TransportProtocol] = subject.isSecure ? [.tls] : [.udp, .tcp, .tls]
        return askServices(usual.filter(transports.contains).map { candidate($0) }, isChosen: false)
    }

    /// What a record offers, unless it is not for us (RFC 3263 section 4.1).
    private func candidate(_ record: NAPTRRecord) -> Candidate? {
        guard record.flags == "s", record.regexp.isEmpty, record.replacement != "." else { return nil }
        let transport: TransportProtocol
        switch record.services {
        case "SIP+D2U": transport = .udp
        case "SIP+D2T": transport = .tcp
        case "SIPS+D2T": transport = .tls
        case "SIP+D2W": transport = .ws
        case "SIPS+D2W": transport = .wss
        default: return nil
        }
        guard transports.contains(transport), transport.isSecure || !subject.isSecure else { return nil }
        return Candidate(transport: transport, service: record.replacement)
    }

    private func candidate(_ transport: TransportProtocol) -> Candidate {
        let service =
            switch transport {
            case .udp: "_sip._udp"
            case .tcp: "_sip._tcp"
            case .tls: "_sips._tcp"
            case .ws: "_sip._ws"
            case .wss: "_sips._ws"
            }
        return Candidate(transport: transport, service: "\(service).\(domain)")
    }

    // MARK: SRV

    private mutating func askServices(_ candidates: [Candidate], isChosen: Bool) -> Step {
        state = .services(candidates, isChosen: isChosen)
        return .ask(candidates.map { .services($0.service) })
    }

    private mutating func takeServices(
        _ candidates: [Candidate],
        _ isChosen: Bool,
        _ replies: [LocatingQuestion: LocatingReply]
    ) -> Step {
        var found: [Location.Service] = []
        var (isUnavailable, isWithoutTCP) = (false, false)
        var failure: ResolverError?
        for candidate in candidates {
            switch replies[.services(candidate.service)] {
            case .services(let answer):
                let records = answer.records.filter { !$0.isUnavailable }
                if records.isEmpty, !answer.records.isEmpty {
                    isUnavailable = true
                    if candidate.transport == .tcp { isWithoutTCP = true }
                }
                if !records.isEmpty { found.append(Location.Service(candidate.transport, first(records))) }
            // Who forges one answer may want us to take another.
            case .failed(let error) where error.code == .bogus: return .failed(.bogus("\(error)"))
            case .failed(let error): failure = failure ?? error
            case .pointers, .addresses, nil:
                failure = failure ?? ResolverError(code: .timeout, name: candidate.service)
            }
        }
        guard found.isEmpty else { return askAddresses(withGuess(found, unless: isWithoutTCP)) }
        if let failure { return .failed(LocationFailure(failure)) }
        if isUnavailable { return .failed(.notFound("\(subject.domain) offers no SIP")) }
        return askAddresses(isChosen ? candidates.flatMap { host(domain, by: $0.transport) } : host(domain))
    }

    /// The servers that count, where there are more than anybody needs.
    private func first(_ records: [SRVRecord]) -> [SRVRecord] {
        guard records.count > Self.mostServers else { return records }
        return Array(records.sorted { $0.priority < $1.priority }.prefix(Self.mostServers))
    }

    /// Adds that who speaks UDP may speak TCP at the same place, where nothing is known of TCP.
    private func withGuess(_ found: [Location.Service], unless isWithoutTCP: Bool) -> [Location.Service] {
        guard subject.named == .none, !isWithoutTCP, transports.contains(.tcp),
            !found.contains(where: \.transport.isReliable)
        else { return found }
        return found + found.map { Location.Service(.tcp, $0.records, isGuess: true) }
    }

    // MARK: A and AAAA

    /// The target itself, by what the URI says or by UDP (TLS for `sips`).
    private func host(_ name: String) -> [Location.Service] {
        switch subject.named {
        case .one(let transport): host(name, by: transport)
        case .none, .unknown:
            subject.isSecure
                ? host(name, by: .tls) : withGuess(host(name, by: .udp), unless: false)
        }
    }

    private func host(_ name: String, by transport: TransportProtocol) -> [Location.Service] {
        guard transports.contains(transport) else { return [] }
        let port = subject.port ?? transport.defaultPort
        return [Location.Service(transport, [SRVRecord(priority: 0, weight: 0, port: port, target: name)])]
    }

    private mutating func askAddresses(_ services: [Location.Service]) -> Step {
        state = .addresses(services)
        let hosts = Set(services.flatMap { $0.records.map(\.target) })
        return hosts.isEmpty ? settle([:]) : .ask(hosts.sorted().map { .addresses($0) })
    }

    private func settle(_ replies: [LocatingQuestion: LocatingReply]) -> Step {
        guard case .addresses(let services) = state else { return .failed(.unresolved("\(subject.domain)")) }
        var addresses: [SRVRecord: [SocketAddress]] = [:]
        var failures: [ResolverError] = []
        for record in Set(services.flatMap(\.records)) {
            switch replies[.addresses(record.target)] {
            case .addresses(let answer):
                let found = answer.records.prefix(Self.mostAddresses)
                addresses[record] = found.compactMap { IPAddress($0)?.socketAddress(port: record.port) }
            case .failed(let error): failures.append(error)
            case .pointers, .services, nil:
                failures.append(ResolverError(code: .timeout, name: record.target))
            }
        }
        guard addresses.values.contains(where: { !$0.isEmpty }) else {
            let worst = failures.max { $0.gravity < $1.gravity }
            return .failed(worst.map { LocationFailure($0) } ?? .notFound("\(subject.domain) has no address"))
        }
        return .found(
            Location(
                services: services,
                addresses: addresses,
                name: subject.domain.text,
                isSecure: isSecure,
                timeToLive: timeToLive
            )
        )
    }

    // MARK: What answers say of themselves

    private mutating func note(_ replies: [LocatingQuestion: LocatingReply]) {
        for reply in replies.values {
            switch reply {
            case .pointers(let answer): note(answer)
            case .services(let answer): note(answer)
            case .addresses(let answer): note(answer)
            case .failed: isSecure = false
            }
        }
    }

    private mutating func note<Record>(_ answer: ResolverAnswer<Record>) {
        isSecure = isSecure && answer.isSecure
        timeToLive = min(timeToLive, answer.timeToLive)
    }

    private func unsupported(_ transport: TransportProtocol) -> LocationFailure {
        .unsupported("\(subject.domain) asks for \(transport.viaName), by which this gateway does not send")
    }
}

extension LocationFailure {
    init(_ error: ResolverError) {
        switch error.code {
        case .notFound: self = .notFound("\(error)")
        case .failed, .timeout: self = .unresolved("\(error)")
        case .bogus: self = .bogus("\(error)")
        }
    }
}

extension ResolverError {
    /// Which of several failures is told: one that may go away rather than one that says that nothing is there.
    fileprivate var gravity: Int {
        switch code {
        case .notFound: 0
        case .failed, .timeout: 1
        case .bogus: 2
        }
    }
}
