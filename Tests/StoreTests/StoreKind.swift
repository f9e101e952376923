import Testing

enum StoreKind: String, Sendable, CaseIterable, CustomTestStringConvertible {
    case sqlite = "SQLite"
    case postgreSQL = "PostgreSQL"

    /// Those that can be tested on this machine.
    static var installed: [StoreKind] {
        allCases.filter { $0 == .sqlite || PostgreSQLServer.isInstalled }
    }

    var testDescription: String { rawValue }
}
