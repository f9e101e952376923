import Foundation
import GRDB
import Store
import Testing

extension StoreTests {
    /// Files that cannot be used, and what is said about them.
    @Suite struct Files {
        private func refusal(of path: String) async -> StoreError? {
            await #expect(throws: StoreError.self) {
                try await SQLiteStore(path: path, patience: .seconds(1))
            }
        }

        /// A store in a fresh folder, closed again.
        private func withFile(_ body: (String) async throws -> Void) async throws {
            try await StorePlace.withFolder { folder in
                let path = folder + "/causeway.db"
                let store = try await SQLiteStore(path: path)
                let epoch = try await store.claim([1], service: "im", owner: "a", ttl: StorePlace.long)
                #expect(epoch == [1: 1])
                await store.close()
                try await body(path)
            }
        }

        @Test func `a file of something else is told as damaged`() async throws {
            try await StorePlace.withFolder { folder in
                let path = folder + "/causeway.db"
                try String(repeating: "no database ", count: 1000)
                    .write(toFile: path, atomically: false, encoding: .utf8)
                let error = await refusal(of: path)
                #expect(error?.reason == .corrupt)
                #expect(error?.text.contains(path) == true)
            }
        }

        @Test func `a file with damaged pages is told as damaged`() async throws {
            try await withFile { path in
                var octets = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
                for index in octets.indices.dropFirst(4096) { octets[index] = 0xA5 }
                try Data(octets).write(to: URL(fileURLWithPath: path))
                #expect(await refusal(of: path)?.reason == .corrupt)
            }
        }

        @Test func `a file that SQLite may only read is told as read-only`() async throws {
            try await withFile { path in
                // The header's file format write version: greater than 2 forbids writing, even to root.
                let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
                try file.seek(toOffset: 18)
                try file.write(contentsOf: [3])
                try file.close()
                let error = await refusal(of: path)
                #expect(error?.reason == .readOnly)
                #expect(error?.text.contains("change its owner or mode") == true)
            }
        }

        @Test(.enabled("root may write anything") { geteuid() != 0 })
        func `a file or folder without the right to write is told as read-only`() async throws {
            try await withFile { path in
                let folder = (path as NSString).deletingLastPathComponent
                try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
                #expect(await refusal(of: path)?.reason == .readOnly)
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
                try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
                #expect(await refusal(of: path)?.reason == .readOnly)
                #expect(await refusal(of: folder + "/new.db")?.reason == .readOnly)
                try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
            }
        }

        @Test func `a place that cannot be is told with what to do`() async throws {
            try await StorePlace.withFolder { folder in
                let missing = await refusal(of: folder + "/missing/causeway.db")
                #expect(missing?.reason == .refused)
                #expect(missing?.text.contains("make the folder \(folder)/missing first") == true)
                let isFolder = await refusal(of: folder)
                #expect(isFolder?.reason == .refused)
                #expect(isFolder?.text.contains("name a file in it") == true)
            }
            // Nobody makes files there.
            let reason = await refusal(of: "/proc/causeway.db")?.reason
            #expect(reason == .refused || reason == .readOnly)
        }

        @Test func `nobody else may read the file`() async throws {
            try await StorePlace.withFolder { folder in
                let store = try await SQLiteStore(path: folder + "/causeway.db")
                for file in ["/causeway.db", "/causeway.db-wal", "/causeway.db-shm"] {
                    let mode = try FileManager.default.attributesOfItem(atPath: folder + file)[
                        .posixPermissions
                    ]
                    #expect(mode as? Int == 0o600, "\(file)")
                }
                await store.close()
            }
        }

        @Test func `a file that is locked for too long fails the call and no more`() async throws {
            try await withFile { path in
                let store = try await SQLiteStore(path: path, patience: .milliseconds(50))
                var configuration = Configuration()
                configuration.allowsUnsafeTransactions = true
                let other = try DatabaseQueue(path: path, configuration: configuration)
                try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
                let error = await #expect(throws: StoreError.self) {
                    try await store.claim([2], service: "im", owner: "a", ttl: StorePlace.long)
                }
                #expect(error?.reason == .unavailable)
                // Reading goes on meanwhile.
                #expect(try await store.load(service: "im", shards: [1]) == [1: []])
                try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
                let taken = try await store.claim([2], service: "im", owner: "a", ttl: StorePlace.long)
                #expect(taken == [2: 1])
                await store.close()
            }
        }
    }
}
