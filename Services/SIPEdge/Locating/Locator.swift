package import NIOCore
package import Resolver
package import SIPGrammar
package import SIPTransport

/// Carries ``LocatingProcedure``'s questions to the DNS, and remembers the answers.
///
/// Found ones are remembered for as long as the DNS allows, so that the second request to a target does not wait;
/// questions about one target are asked once.
package final class Locator: @unchecked Sendable {
    // All mutable state is touched on `loop` alone.

    package typealias Completion = (Result<NextHops, LocationFailure>) -> Void

    private let loop: any EventLoop
    private let resolver: any Resolving
    private let transports: Set<TransportProtocol>
    private var memory = LocationMemory()
    private var waiting: [LocatingSubject: [Completion]] = [:]
    private var generator = SystemRandomNumberGenerator()

    /// `transports` are those that this gateway can send by: by WebSocket it only answers.
    package init(
        loop: any EventLoop,
        resolver: any Resolving,
        transports: Set<TransportProtocol> = [.udp, .tcp, .tls]
    ) {
        self.loop = loop
        self.resolver = resolver
        self.transports = transports
    }

    /// Says where requests to a URI go, at once if it is known.
    package func locate(_ uri: SIPURI, completion: @escaping Completion) {
        loop.assertInEventLoop()
        let subject = LocatingSubject(uri)
        if let result = memory.result(subject, at: loop.now, using: &generator) { return completion(result) }
        if waiting[subject] != nil {
            waiting[subject]?.append(completion)
            return
        }
        var procedure = LocatingProcedure(subject, transports: transports)
        switch procedure.begin() {
        case .found(let location):
            memory.note(.success(location), of: subject, at: loop.now, using: &generator)
            completion(.success(location.hops(using: &generator)))
        case .failed(let failure): completion(.failure(failure))
        case .ask(let questions):
            waiting[subject] = [completion]
            let (resolver, procedure) = (resolver, procedure)
            Task { [self] in
                let result = await Self.run(procedure, questions, resolver)
                loop.execute { [self] in settle(subject, result) }
            }
        }
    }

    /// Forgets what the DNS has said.
    package func forget() {
        memory.removeAll()
    }

    private func settle(_ subject: LocatingSubject, _ result: Result<Location, LocationFailure>) {
        memory.note(result, of: subject, at: loop.now, using: &generator)
        for completion in waiting.removeValue(forKey: subject) ?? [] {
            completion(result.map { $0.hops(using: &generator) })
        }
    }

    private static func run(
        _ procedure: LocatingProcedure,
        _ questions: [LocatingQuestion],
        _ resolver: any Resolving
    ) async -> Result<Location, LocationFailure> {
        var (procedure, questions) = (procedure, questions)
        while true {
            switch procedure.handle(await ask(questions, resolver)) {
            case .ask(let more): questions = more
            case .found(let location): return .success(location)
            case .failed(let failure): return .failure(failure)
            }
        }
    }

    /// Asks all at one time.
    private static func ask(
        _ questions: [LocatingQuestion],
        _ resolver: any Resolving
    ) async -> [LocatingQuestion: LocatingReply] {
        await withTaskGroup(of: (LocatingQuestion, LocatingReply).self) { group in
            for question in questions {
                group.addTask { (question, await ask(question, resolver)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private static func ask(_ question: LocatingQuestion, _ resolver: any Resolving) async -> LocatingReply {
        do throws(ResolverError) {
            return switch question {
            case .pointers(let name): .pointers(try await resolver.naptr(name))
            case .services(let name): .services(try await resolver.srv(name))
            case .addresses(let host): .addresses(try await resolver.addresses(host))
            }
        } catch {
            return .failed(error)
        }
    }
}
