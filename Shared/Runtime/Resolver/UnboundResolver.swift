import Foundation

/// The DNS by way of libunbound, cached, asynchronous and validated.
///
/// Answers are cached inside libunbound for their TTL. One thread of our own hands questions over and takes answers
/// back (``UnboundLoop``); libunbound has another for the network. Nothing blocks the asker.
package final class UnboundResolver: Resolving {
    /// How the resolver asks.
    package struct Configuration: Hashable, Sendable {
        /// The address of a server to ask, and its port, instead of the system's resolvers and hosts file.
        package var server: String?
        package var port: Int
        package var trust: Trust
        /// How long a question may take, retries included.
        package var timeout: Duration
        /// How many questions may be outstanding; one more fails at once.
        package var mostOutstanding: Int

        package init(
            server: String? = nil,
            port: Int = 53,
            trust: Trust = .nobody,
            timeout: Duration = .seconds(5),
            mostOutstanding: Int = 4096
        ) {
            self.server = server
            self.port = port
            self.trust = trust
            self.timeout = timeout
            self.mostOutstanding = mostOutstanding
        }
    }

    /// Whose signatures are believed (RFC 4033 section 2, "Trust Anchor").
    ///
    /// With anchors, whoever is asked must pass signatures on: behind a forwarder that drops them all signed names are
    /// bogus.
    package enum Trust: Hashable, Sendable {
        /// Nothing is validated: no answer is secure, and none is bogus.
        case nobody
        /// DS or DNSKEY records as in zone files.
        case anchors([String])
        /// A file of such records, as `/usr/share/dns/root.key`.
        case file(String)
    }

    /// Why no resolver could be made, in words.
    package struct SetupError: Error, CustomStringConvertible {
        package let description: String
    }

    private let inbox: QueryInbox

    /// Starts the resolver's thread.
    package init(_ configuration: Configuration = Configuration()) throws(SetupError) {
        let server = configuration.server.map { "\($0)@\(configuration.port)" }
        let (trust, patience) = (configuration.trust, configuration.timeout)
        do {
            let inbox = try QueryInbox(most: configuration.mostOutstanding)
            // Safe: the context is made here so that its errors surface, and used by the new thread alone from then on.
            nonisolated(unsafe) let context = unsafe try UnboundContext.make(server: server, trust: trust)
            let thread = Thread {
                unsafe UnboundLoop(context: context, inbox: inbox, patience: patience).run()
            }
            thread.name = "resolver"
            thread.start()
            self.inbox = inbox
        } catch {
            throw SetupError(description: "\(error)")
        }
    }

    deinit { inbox.shut() }

    /// Fails what is outstanding, and what is asked from now on, and ends the thread.
    package func shutdown() {
        inbox.shut()
    }

    package func srv(_ name: String) async throws(ResolverError) -> ResolverAnswer<SRVRecord> {
        try await ask(name, .srv).get().read { SRVRecord(data: $0) }
    }

    package func naptr(_ name: String) async throws(ResolverError) -> ResolverAnswer<NAPTRRecord> {
        try await ask(name, .naptr).get().read { NAPTRRecord(data: $0) }
    }

    package func tlsa(_ name: String) async throws(ResolverError) -> ResolverAnswer<TLSARecord> {
        try await ask(name, .tlsa).get().read { TLSARecord(data: $0) }
    }

    package func addresses(_ host: String) async throws(ResolverError) -> ResolverAnswer<String> {
        if AddressText.isAddress(host) { return .literal(host) }
        async let old = ask(host, .a)
        async let new = ask(host, .aaaa)
        let (v4, v6) = await (old, new)
        let found = [v6, v4].compactMap { try? $0.get() }
        // Forged addresses of one family are no reason to believe those of the other.
        for answer in [v4, v6] where answer.isBogus { _ = try answer.get() }
        let families = [
            (try? v6.get().read(AddressText.ipv6).records) ?? [],
            (try? v4.get().read(AddressText.ipv4).records) ?? [],
        ]
        guard families.contains(where: { !$0.isEmpty }) else {
            // A question that failed may have had an address for an answer: only two refusals are a refusal.
            for answer in [v4, v6] { _ = try answer.get() }
            let isMissing = found.contains { $0.content == .noSuchName }
            throw ResolverError(isMissing ? .noSuchName : .noSuchRecord, name: host)
        }
        return ResolverAnswer(
            Array(AddressText.interleaved(families[0], families[1]).prefix(DNSAnswer.most)),
            isSecure: found.count == 2 && found.allSatisfy(\.isSecure),
            timeToLive: found.map(\.timeToLive).min() ?? .zero
        )
    }

    private func ask(_ name: String, _ type: RecordType) async -> Result<DNSAnswer, ResolverError> {
        guard let question = DomainNameText.question(name) else {
            return .failure(ResolverError(.malformedName, name: name))
        }
        return await withCheckedContinuation { continuation in
            inbox.put(Query(name: question, type: type) { continuation.resume(returning: $0) })
        }
    }
}

extension Result<DNSAnswer, ResolverError> {
    fileprivate var isBogus: Bool {
        switch self {
        case .success: false
        case .failure(let error): error.code == .bogus
        }
    }
}
