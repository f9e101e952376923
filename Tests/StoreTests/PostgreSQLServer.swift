import Foundation
import Synchronization
import Testing

/// A PostgreSQL server of the tests' own: a fresh data directory, a Unix socket beside it, no port.
final class PostgreSQLServer: Sendable {
    /// The suite's server.
    @TaskLocal static var current: PostgreSQLServer?

    /// A password that must show up nowhere.
    static let password = "s3cret-of-the-tests"

    /// The folder of the newest release that is installed, as Debian lays it out.
    static let binaries: String? = {
        let root = "/usr/lib/postgresql"
        let releases = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return releases.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }
            .map { "\(root)/\($0)/bin" }
            .last { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
    }()

    static var isInstalled: Bool { binaries != nil }

    let folder: String
    private let binaries: String
    /// How its commands become those of a user it accepts: it refuses to run as root.
    private let asUser: [String]
    private let guardian = Mutex<Guardian?>(nil)
    private let places = Mutex(0)

    /// Makes a data directory and starts a server on it.
    static func start() async throws -> PostgreSQLServer {
        let server = PostgreSQLServer(binaries: try #require(binaries))
        do {
            try await server.makeFolder()
            try await server.run()
        } catch {
            await server.remove()
            throw error
        }
        return server
    }

    private init(binaries: String) {
        self.binaries = binaries
        folder = FileManager.default.temporaryDirectory.path + "/pg-\(UUID().uuidString.prefix(8))"
        let user = unsafe getpwnam("postgres") == nil ? "nobody" : "postgres"
        asUser =
            geteuid() == 0
            ? ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups", "--"]
            : []
    }

    private func makeFolder() async throws {
        let passwordFile = folder + "/password"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Self.password.write(toFile: passwordFile, atomically: false, encoding: .utf8)
        if let user = asUser.first(where: { $0.hasPrefix("--reuid=") })?.dropFirst("--reuid=".count) {
            try await Command.run(["/usr/bin/chown", "-R", String(user), folder])
        }
        try await Command.run(
            asUser + [
                binaries + "/initdb", "-D", folder + "/data", "-U", "causeway", "-A", "scram-sha-256",
                "--pwfile=" + passwordFile, "-E", "UTF8", "--locale=C", "--no-sync", "--wal-segsize=1",
            ]
        )
    }

    /// Starts the server on its data and waits until it lets people in.
    func run() async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let guardian = try Guardian.start(
                asUser + [
                    binaries + "/postgres", "-D", folder + "/data", "-k", folder,
                    "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "max_wal_size=64",
                    // The server is killed here, never the machine.
                    "-c", "fsync=off", "-c", "full_page_writes=off",
                ]
            )
            // One that was killed leaves children behind for a moment, and the next refuses to start meanwhile.
            while guardian.isRunning {
                if (try? await Command.run([binaries + "/pg_isready", "-h", folder])) != nil {
                    self.guardian.withLock { $0 = guardian }
                    return
                }
                guard ContinuousClock.now < deadline else { break }
            }
            await guardian.end()
            try #require(ContinuousClock.now < deadline, "PostgreSQL does not start")
        }
    }

    /// Ends the server at once, as a crash does.
    func crash() async throws {
        let guardian = try #require(guardian.withLock { $0.take() })
        await guardian.end(SIGKILL)
    }

    /// Ends the server in good order and removes its data.
    func remove() async {
        await guardian.withLock { $0.take() }?.end()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A connection URI of a new, empty schema, which is all that a store sees of the database, and which names its
    /// connections.
    func makePlace() async throws -> String {
        let name = places.withLock { number in
            number += 1
            return "place\(number)"
        }
        try await query("CREATE SCHEMA \(name)", at: uri())
        return uri() + "&application_name=\(name)&options=-csearch_path%3D\(name)"
    }

    func uri(of database: String = "postgres", password: String = PostgreSQLServer.password) -> String {
        "postgresql://causeway:\(password)@/\(database)?host=\(folder)"
    }

    /// Cuts the connections of all others at that place.
    func cutConnections(to uri: String) async throws {
        try await query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                + "WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()",
            at: uri
        )
    }

    /// Has PostgreSQL's own client run statements.
    @discardableResult
    func query(_ sql: String, at uri: String) async throws -> String {
        try await Command.run([binaries + "/psql", uri, "-qAt", "-v", "ON_ERROR_STOP=1", "-c", sql])
    }
}
