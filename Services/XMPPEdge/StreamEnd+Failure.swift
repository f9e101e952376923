import BusContract
import XMPPGrammar
import XMPPStreams

extension StreamEnd {
    /// What the end of a stream means for those whose stanzas it should have carried.
    func failure(_ domain: String) -> Failure {
        switch self {
        case .finished, .lost: Failure(.unreachable, "the connection to \(domain) was lost")
        case .timeout(let step): Failure(.timeout, "\(domain) took too long: \(step)")
        case .insecure(let reason): Failure(.insecure, "no secure connection to \(domain): \(reason)")
        case .refused(let reason): Failure(.forbidden, "\(domain) refused the stream: \(reason)")
        case .peer(let error): Failure(error.reason, "\(domain) ended the stream: \(error.summary)")
        case .ours(let error): Failure(.unreachable, "the stream to \(domain) was ended: \(error.summary)")
        }
    }
}

extension DialbackVerdict {
    /// What a refused domain pair means for its stanzas (XEP-0220 section 2.1.1).
    func failure(_ pair: DomainPair) -> Failure {
        switch self {
        case .valid, .invalid:
            Failure(.forbidden, "\(pair.remote) does not believe that we are \(pair.local)")
        case .error(.itemNotFound), .error(.remoteServerNotFound):
            Failure(
                .domainNotFound,
                "\(pair.remote) cannot reach \(pair.local), or does not serve itself there"
            )
        case .error(let condition):
            Failure(.unreachable, "\(pair.remote) could not check \(pair.local): \(condition.rawValue)")
        }
    }
}

extension Failure {
    /// What is said to a peer whose key could not be checked (XEP-0220 section 2.4.2).
    var dialbackError: StanzaErrorCondition {
        reason == .domainNotFound ? .remoteServerNotFound : .remoteServerTimeout
    }
}

extension StreamError {
    var summary: String { text.map { "\(condition.rawValue) (\($0))" } ?? condition.rawValue }

    fileprivate var reason: Failure.Reason {
        switch condition {
        case .hostUnknown, .hostGone: .domainNotFound
        case .resourceConstraint: .overloaded
        case .notAuthorized, .policyViolation, .invalidFrom: .forbidden
        default: .unreachable
        }
    }
}
