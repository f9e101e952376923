/// Why a name could not be looked up.
package struct ResolverError: Error, Hashable, CustomStringConvertible {
    /// What the asker does about it.
    package enum Code: Hashable, Sendable {
        /// The DNS answered: there is no such host. Asking again at once is pointless.
        case notFound
        /// The DNS could not answer. It may a moment later.
        case failed
        /// No answer came within the time allowed.
        case timeout
        /// The answer's signatures do not hold: somebody lies, or the zone is broken. It must not be used, and nobody
        /// may go on as if there were none (RFC 4035 section 5.5).
        case bogus
    }

    /// What happened exactly, for a log and for `check`.
    package enum Detail: Hashable, Sendable {
        /// NXDOMAIN: the name does not exist (RFC 1035 4.1.1, RFC 8020).
        case noSuchName
        /// The name exists without records of the type asked for (NODATA, RFC 2308 2.2).
        case noSuchRecord
        /// The text cannot be a name in the DNS at all.
        case malformedName
        /// The server answered with this RCODE, 2 for SERVFAIL.
        case serverFailure(code: Int)
        /// The answer's signatures do not hold (RFC 4035 5.5).
        case bogus
        /// The library refused the question with this error of its own.
        case library(code: Int)
        /// Nothing came in time.
        case noAnswer
        /// More questions are outstanding than the resolver takes.
        case overloaded
        /// The resolver is shut down.
        case closed
    }

    package var code: Code
    package var name: String
    package var detail: Detail

    package init(code: Code, name: String, detail: Detail? = nil) {
        self.code = code
        self.name = name
        self.detail = detail ?? Self.usualDetail(of: code)
    }

    init(_ detail: Detail, name: String) {
        self.init(code: Self.code(for: detail), name: name, detail: detail)
    }

    package var description: String {
        let reason =
            switch detail {
            case .noSuchName: "no such name"
            case .noSuchRecord: "no such record"
            case .malformedName: "not a name"
            case .serverFailure(code: 2): "SERVFAIL"
            case .serverFailure(code: 5): "REFUSED"
            case .serverFailure(let code): "RCODE \(code)"
            case .bogus: "signatures do not hold"
            case .library(let code): "libunbound error \(code)"
            case .noAnswer: "no answer in time"
            case .overloaded: "too many questions outstanding"
            case .closed: "resolver is shut down"
            }
        return "DNS: \(name): \(reason)"
    }

    private static func code(for detail: Detail) -> Code {
        switch detail {
        case .noSuchName, .noSuchRecord, .malformedName: .notFound
        case .noAnswer: .timeout
        case .bogus: .bogus
        case .serverFailure, .library, .overloaded, .closed: .failed
        }
    }

    private static func usualDetail(of code: Code) -> Detail {
        switch code {
        case .notFound: .noSuchName
        case .failed: .serverFailure(code: 2)
        case .timeout: .noAnswer
        case .bogus: .bogus
        }
    }
}
