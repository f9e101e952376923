import FoundationEssentials
import TLSTestKit
import Testing
import TransportSecurity

struct KeeperTests {
    private let authority: TestAuthority
    private let folder: TemporaryFolder

    init() throws {
        authority = try TestAuthority()
        folder = try TemporaryFolder()
    }

    private func write(_ name: String, as file: String) throws -> TLSSources.Files {
        let pem = try authority.issuePEM(CertificateOrder(name))
        return TLSSources.Files(
            certificate: try folder.write(pem.certificate, to: "\(file).pem"),
            key: try folder.write(pem.key, to: "\(file).key"),
            trust: .file(try folder.write(authority.pem, to: "authorities.pem"))
        )
    }

    private func names(_ keeper: TLSKeeper, _ domain: String = "") -> [String] {
        keeper.contexts.credentials(for: domain).identity.names.dns
    }

    @Test func `reads the files of every domain`() async throws {
        let sources = TLSSources(
            usual: try write("usual.example", as: "usual"),
            domains: [
                "a.example": try write("a.example", as: "a"),
                "b.example": TLSSources.Files(trust: .system),
            ]
        )
        let keeper = try TLSKeeper(sources)
        #expect(names(keeper) == ["usual.example"])
        #expect(names(keeper, "A.Example.") == ["a.example"])
        #expect(names(keeper, "b.example") == ["usual.example"])
        #expect(keeper.contexts.provesUs)
        let trust = keeper.contexts.credentials(for: "a.example").trust
        #expect(
            try await trust.examine(authority.issue(CertificateOrder("x.example")).certificates).isTrusted
        )
        let systems = keeper.contexts.credentials(for: "b.example").trust
        #expect(
            try await !systems.examine(authority.issue(CertificateOrder("x.example")).certificates).isTrusted
        )
    }

    @Test func `without files it makes a certificate that proves nothing`() throws {
        let keeper = try TLSKeeper(TLSSources(names: ["a.example"]))
        #expect(names(keeper) == ["a.example"])
        #expect(!keeper.contexts.provesUs)
        #expect(try !keeper.reloadIfChanged())
    }

    @Test func `takes files that have changed, and only those`() throws {
        let keeper = try TLSKeeper(TLSSources(usual: write("one.example", as: "usual")))
        #expect(try !keeper.reloadIfChanged())
        _ = try write("two.example", as: "usual")
        #expect(names(keeper) == ["one.example"])
        #expect(try keeper.reloadIfChanged())
        #expect(names(keeper) == ["two.example"])
        #expect(try !keeper.reloadIfChanged())
        try keeper.reload(TLSSources(usual: write("three.example", as: "other")))
        #expect(names(keeper) == ["three.example"])
    }

    @Test func `keeps what it has while the files do not go together`() throws {
        let keeper = try TLSKeeper(TLSSources(usual: write("one.example", as: "usual")))
        let next = try authority.issuePEM(CertificateOrder("two.example"))
        _ = try folder.write(next.certificate, to: "usual.pem")
        #expect(throws: TLSFileError.self) { try keeper.reloadIfChanged() }
        #expect(throws: TLSFileError.self) { try keeper.reload() }
        #expect(names(keeper) == ["one.example"])
        _ = try folder.write(next.key, to: "usual.key")
        #expect(try keeper.reloadIfChanged())
        #expect(names(keeper) == ["two.example"])
    }

    @Test func `names the file that cannot be used`() throws {
        let files = try write("one.example", as: "usual")
        let missing = TLSSources.Files(certificate: "/nowhere/a.pem", key: "/nowhere/a.key")
        let error = #expect(throws: TLSFileError.self) {
            try TLSKeeper(TLSSources(usual: files, domains: ["a.example": missing]))
        }
        #expect(error?.key == "tls.domains.a.example.certificate")
        #expect(error?.description.contains("'/nowhere/a.pem with /nowhere/a.key' cannot be used") == true)
        let trust = #expect(throws: TLSFileError.self) {
            try TLSKeeper(TLSSources(usual: TLSSources.Files(trust: .file(folder.write("x", to: "x.pem")))))
        }
        #expect(trust?.key == "tls.trust")
    }

    @Test func `watches until it is cancelled`() async throws {
        let keeper = try TLSKeeper(TLSSources(usual: write("one.example", as: "usual")))
        _ = try write("two.example", as: "usual")
        let (changes, continuation) = AsyncStream<Bool>.makeStream()
        let watch = Task {
            await keeper.watch(every: .milliseconds(1)) { result in
                continuation.yield((try? result.get()) != nil)
            }
            continuation.finish()
        }
        var seen: [Bool] = []
        for await change in changes {
            seen.append(change)
            if seen.count == 1 {
                #expect(names(keeper) == ["two.example"])
                _ = try folder.write("nonsense", to: "usual.pem")
            } else {
                watch.cancel()
            }
        }
        #expect(seen.prefix(2) == [true, false])
        #expect(names(keeper) == ["two.example"])
    }
}

/// A folder that goes with the test.
private final class TemporaryFolder: Sendable {
    private let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory.path(percentEncoded: false) + "/tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        // A new file each time, as tools that renew certificates make it.
        try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
        return file
    }
}
