import Foundation

/// The DNS by way of libunbound: SRV, A and AAAA, cached and asynchronous.
///
/// Answers are cached inside libunbound for their TTL. One thread of our own hands questions over and takes answers
/// back (``UnboundLoop``); libunbound has another for the network. Nothing blocks the asker.
package final class UnboundResolver: Resolving {
    /// How the resolver asks.
    package struct Configuration: Hashable, Sendable {
        /// The address of a server to ask, and its port, instead of the system's resolvers and hosts file.
        package var server: String?
        package var port: Int
        /// How long a question may take, retries included.
        package var timeout: Duration
        /// How many questions may be outstanding; one more fails at once.
        package var mostOutstanding: Int

        package init(
            server: String? = nil,
            port: Int = 53,
            timeout: Duration = .seconds(5),
            mostOutstanding: Int = 4096
        ) {
            self.server = server
            self.port = port
            self.timeout = timeout
            self.mostOutstanding = mostOutstanding
        }
    }

    /// Why no resolver could be made, in words.
    package struct SetupError: Error, CustomStringConvertible {
        package let description: String
    }

    private let inbox: QueryInbox

    /// Starts the resolver's thread.
    package init(_ configuration: Configuration = Configuration()) throws(SetupError) {
        let server = configuration.server.map { "\($0)@\(configuration.port)" }
        let patience = configuration.timeout
        do {
            let inbox = try QueryInbox(most: configuration.mostOutstanding)
            // Safe: the context is made here so that its errors surface, and used by the new thread alone from then on.
            nonisolated(unsafe) let context = unsafe try UnboundContext.make(server: server)
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

    package func srv(_ name: String) async throws(ResolverError) -> [SRVRecord] {
        switch try await ask(name, .srv).get() {
        case .records(let records): records.compactMap { SRVRecord(data: $0) }
        case .noRecords, .noSuchName: []
        }
    }

    package func addresses(_ host: String) async throws(ResolverError) -> [String] {
        if AddressText.isAddress(host) { return [host] }
        async let old = ask(host, .a)
        async let new = ask(host, .aaaa)
        let (v4, v6) = await (old, new)
        var found: [String] = []
        if case .success(.records(let records)) = v4 { found += records.compactMap(AddressText.ipv4) }
        if case .success(.records(let records)) = v6 { found += records.compactMap(AddressText.ipv6) }
        if !found.isEmpty { return Array(found.prefix(DNSAnswer.most)) }
        // A question that failed may have had an address for an answer: only two refusals are a refusal.
        for answer in [v4, v6] { _ = try answer.get() }
        let isMissing = v4 == .success(.noSuchName) || v6 == .success(.noSuchName)
        throw ResolverError(isMissing ? .noSuchName : .noSuchRecord, name: host)
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
