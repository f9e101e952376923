import BusContract
import SIPTransport

extension Failure {
    init(_ failure: LocationFailure) {
        switch failure {
        case .notFound(let text): self.init(.domainNotFound, text)
        case .unresolved(let text): self.init(.unreachable, text)
        case .unsupported(let text): self.init(.insecure, text)
        }
    }

    /// Timer F.
    static func unanswered(by target: TransportTarget) -> Failure {
        Failure(.timeout, "\(target) did not answer")
    }
}

extension SendFailure {
    /// What happened, for people.
    var text: String {
        switch self {
        case .refused: "refused"
        case .unreachable: "unreachable"
        case .unsupported: "no socket of this gateway reaches it"
        case .congested: "congested"
        case .tooLarge: "larger than the system sends"
        case .closed: "closed the connection"
        }
    }
}
