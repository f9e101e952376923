import BusContract
import SIPTransport

extension Failure {
    init(_ failure: LocationFailure) {
        switch failure {
        case .notFound(let text): self.init(.domainNotFound, text)
        case .unresolved(let text): self.init(.unreachable, text)
        case .unsupported(let text), .bogus(let text): self.init(.insecure, text)
        }
    }
}

extension SendFailure {
    /// What happened, for people.
    var text: String {
        switch self {
        case .refused: "refused"
        case .unreachable: "unreachable"
        case .unsupported: "is reached by no socket of this gateway"
        case .congested: "congested"
        case .tooLarge: "larger than the system sends"
        case .closed: "closed the connection"
        case .insecure(let reason): reason
        }
    }

    var reason: Failure.Reason {
        switch self {
        case .refused, .unreachable, .unsupported, .congested, .tooLarge, .closed: .unreachable
        case .insecure: .insecure
        }
    }

    /// Whether it says something about the target for more than this moment.
    var isLasting: Bool {
        switch self {
        case .refused, .unreachable, .insecure: true
        case .unsupported, .congested, .tooLarge, .closed: false
        }
    }
}
