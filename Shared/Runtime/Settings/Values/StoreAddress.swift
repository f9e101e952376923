package import Telemetry

/// Where conversations are kept: `sqlite:causeway.db`, or `postgresql://user@host/db`.
package enum StoreAddress: Hashable, Sendable, CustomStringConvertible {
    case sqlite(path: String)
    /// The whole connection URI, which may hold a password.
    case postgreSQL(Secret)

    package init?(_ text: String) {
        if text.hasPrefix("sqlite:") {
            let path = String(text.dropFirst("sqlite:".count))
            guard !path.isEmpty else { return nil }
            self = .sqlite(path: path)
        } else if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") {
            self = .postgreSQL(Secret(text))
        } else {
            return nil
        }
    }

    package var description: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgreSQL: "postgresql://…"
        }
    }
}
