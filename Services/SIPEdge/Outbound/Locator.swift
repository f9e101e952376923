package import NIOCore
package import Resolver
package import SIPGrammar
import SIPTransport

// Conforms: RFC 3263 §4 (partial: no NAPTR, for only UDP and TCP are spoken and both are asked for)

/// Finds the next hops of a URI (RFC 3263 section 4).
///
/// Found ones are remembered for a short while, so that the second request to a target does not wait; questions about
/// one target are asked once.
package final class Locator: @unchecked Sendable {
    // All mutable state is touched on `loop` alone.

    /// What the answer depends on.
    private struct Question: Hashable, Sendable {
        var host: SIPHost
        var port: Int?
        var transport: String?
    }

    private struct Memory {
        var hops: NextHops
        var until: NIODeadline
    }

    package typealias Completion = (Result<NextHops, LocationFailure>) -> Void

    private static let memorySpan = TimeAmount.seconds(30)
    private static let capacity = 4_096

    private let loop: any EventLoop
    private let resolver: any Resolving
    private var known: [Question: Memory] = [:]
    private var waiting: [Question: [Completion]] = [:]

    package init(loop: any EventLoop, resolver: any Resolving) {
        self.loop = loop
        self.resolver = resolver
    }

    /// Says where requests to a URI go, at once if it is known.
    package func locate(_ uri: SIPURI, completion: @escaping Completion) {
        guard !uri.isSecure, uri.transport != "tls" else {
            return completion(
                .failure(.unsupported("\(uri.host) asks for TLS, which this gateway does not speak"))
            )
        }
        let question = Question(host: uri.host, port: uri.port, transport: uri.transport)
        if let memory = known[question], memory.until > loop.now { return completion(.success(memory.hops)) }
        if let hops = Self.literal(question) { return completion(hops) }
        waiting[question, default: []].append(completion)
        guard waiting[question]?.count == 1 else { return }
        Task { [self] in
            let answer = await ask(question)
            loop.execute { [self] in settle(question, answer) }
        }
    }

    private func settle(_ question: Question, _ answer: Result<NextHops, LocationFailure>) {
        if case .success(let hops) = answer {
            if known.count >= Self.capacity { known = known.filter { $0.value.until > loop.now } }
            if known.count >= Self.capacity { known.removeAll() }
            known[question] = Memory(hops: hops, until: loop.now + Self.memorySpan)
        }
        for completion in waiting.removeValue(forKey: question) ?? [] { completion(answer) }
    }

    /// An address needs no question.
    private static func literal(_ question: Question) -> Result<NextHops, LocationFailure>? {
        guard question.host.isAddress else { return nil }
        let address = IPAddress(question.host.text)?.socketAddress(port: question.port ?? 5060)
        guard let address else { return .failure(.notFound("\(question.host) is not an address")) }
        return hops([address], question)
    }

    private static func hops(
        _ addresses: [SocketAddress],
        _ question: Question
    ) -> Result<NextHops, LocationFailure> {
        switch question.transport {
        case nil: .success(NextHops(udp: addresses, tcp: addresses))
        case "udp": .success(NextHops(udp: addresses))
        case "tcp": .success(NextHops(tcp: addresses, isTCPKnown: true))
        case let other?: .failure(.unsupported("\(question.host) asks for an unknown transport: \(other)"))
        }
    }

    private func ask(_ question: Question) async -> Result<NextHops, LocationFailure> {
        do throws(ResolverError) {
            guard question.port == nil else {
                return Self.hops(try await addresses(question.host.text, question.port ?? 5060), question)
            }
            let udp = question.transport ?? "udp" == "udp" ? try await services("_sip._udp", question) : .none
            let tcp = question.transport ?? "tcp" == "tcp" ? try await services("_sip._tcp", question) : .none
            if udp == .unavailable || tcp == .unavailable, udp.addresses.isEmpty, tcp.addresses.isEmpty {
                return .failure(.notFound("\(question.host) offers no SIP"))
            }
            guard udp != .none || tcp != .none else {
                return Self.hops(try await addresses(question.host.text, 5060), question)
            }
            let isTCPKnown = !tcp.addresses.isEmpty || question.transport == "tcp"
            let guess = tcp == .none && question.transport == nil ? udp.addresses : []
            return .success(
                NextHops(udp: udp.addresses, tcp: isTCPKnown ? tcp.addresses : guess, isTCPKnown: isTCPKnown)
            )
        } catch {
            switch error.code {
            case .notFound: return .failure(.notFound("\(error)"))
            case .failed, .timeout: return .failure(.unresolved("\(error)"))
            }
        }
    }

    private enum Services: Equatable {
        case none
        /// The domain says that it does not offer this (RFC 2782, target ".").
        case unavailable
        case at([SocketAddress])

        var addresses: [SocketAddress] {
            guard case .at(let addresses) = self else { return [] }
            return addresses
        }
    }

    private func services(_ service: String, _ question: Question) async throws(ResolverError) -> Services {
        let records = try await resolver.srv("\(service).\(question.host.text)")
        guard !records.isEmpty else { return .none }
        var generator = SystemRandomNumberGenerator()
        var found: [SocketAddress] = []
        var failure: ResolverError?
        for record in SRVRecord.ordered(records, using: &generator) where !record.isUnavailable {
            do throws(ResolverError) {
                found += try await addresses(record.target, record.port)
            } catch {
                failure = error
            }
        }
        guard found.isEmpty else { return .at(found) }
        if let failure { throw failure }
        return .unavailable
    }

    private func addresses(_ host: String, _ port: Int) async throws(ResolverError) -> [SocketAddress] {
        let texts = try await resolver.addresses(host)
        return texts.compactMap { IPAddress($0)?.socketAddress(port: port) }
    }
}

extension SIPHost {
    fileprivate var isAddress: Bool {
        switch self {
        case .name: false
        case .ipv4, .ipv6: true
        }
    }
}
