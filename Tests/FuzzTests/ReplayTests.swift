import Foundation
import FuzzLaws
import Testing

/// The octets that once broke a law, and those that fuzzing begins with.
@Suite("What fuzzing has found")
struct ReplayTests {
    /// One file of `Tests/Fuzz/Crashes/LAW` or `Tests/Fuzz/Corpus/LAW`.
    struct Found: Sendable, CustomTestStringConvertible {
        var law: String
        var file: URL

        var testDescription: String { "\(law)/\(file.lastPathComponent)" }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzz")

    private static func files(_ folder: String) -> [Found] {
        Law.all.flatMap { law in
            let place = root.appending(path: folder).appending(path: law.name)
            let files = try? FileManager.default.contentsOfDirectory(
                at: place,
                includingPropertiesForKeys: nil
            )
            return (files ?? []).map { Found(law: law.name, file: $0) }
        }
    }

    @Test(arguments: files("Crashes") + files("Corpus"))
    func `breaks no law any more`(found: Found) throws {
        let law = try #require(Law.named(found.law))
        #expect(law.broken(Array(try Data(contentsOf: found.file))) == nil)
    }

    @Test(arguments: Law.all.map(\.name))
    func `begins with seeds`(law: String) {
        #expect(Self.files("Corpus").contains { $0.law == law }, "no seeds in Tests/Fuzz/Corpus/\(law)")
    }

    @Test func `lies in the folders of laws`() throws {
        for folder in ["Crashes", "Corpus"] {
            let place = Self.root.appending(path: folder)
            let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
            #expect(Set(names).subtracting([".gitkeep"]).isSubset(of: Law.all.map(\.name)))
        }
    }
}
