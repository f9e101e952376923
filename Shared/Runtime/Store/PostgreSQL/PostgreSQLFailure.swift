/// Why a statement or a connection failed; the text is one line and holds no secret.
enum PostgreSQLFailure: Error, Hashable {
    /// The connection is gone or never came about. What was asked may have been done.
    case lost(String)
    /// The server only reads: a standby. Another host of the address may be the one that writes.
    case standby(String)
    /// The server said no, with a SQLSTATE of the PostgreSQL manual's appendix A.
    case refused(state: String, text: String)

    /// What the server's answer means for the connection that it came over.
    init(state: String, text: String) {
        let detail = "\(text) (\(state))"
        switch state {
        case "25006": self = .standby(detail)
        // Connection exceptions; the server is shutting down, crashed or starting.
        case _ where state.hasPrefix("08") || state.hasPrefix("57P"): self = .lost(detail)
        default: self = .refused(state: state, text: text)
        }
    }

    /// Whether the connection is of no more use.
    var endsConnection: Bool {
        if case .refused = self { false } else { true }
    }

    /// Whether the same statement may pass when it is sent again at once.
    var isPassing: Bool {
        guard case .refused(let state, _) = self else { return false }
        // 40: serialization failure and deadlock.
        return state.hasPrefix("40")
    }

    /// What callers of the store are told.
    var storeError: StoreError {
        switch self {
        case .lost(let text):
            return StoreError(.unavailable, "PostgreSQL is out of reach: \(text)")
        case .standby(let text):
            return StoreError(.readOnly, "PostgreSQL only reads, name the host that writes: \(text)")
        case .refused(let state, let text):
            let detail = "\(text) (\(state))"
            return switch state.prefix(2) {
            // Out of memory, disk or connections; cancelled for taking too long; not done before the lock's time.
            case "40", "53", "55", "57", "58":
                StoreError(.unavailable, "PostgreSQL cannot do it just now: \(detail)")
            case "XX": StoreError(.corrupt, "PostgreSQL finds its data damaged: \(detail)")
            case "28": StoreError(.refused, "PostgreSQL does not let this user in: \(detail)")
            case "3D": StoreError(.refused, "PostgreSQL has no such database, make it first: \(detail)")
            case "42":
                StoreError(.refused, "PostgreSQL refuses; the user must be able to make tables: \(detail)")
            default: StoreError(.refused, "PostgreSQL refuses: \(detail)")
            }
        }
    }
}
