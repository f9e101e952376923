import Testing

/// The rules of the architecture page, checked against the sources.
@Suite("The architecture")
struct ArchitectureTests {
    private func check(_ rule: some Guard, _ files: [SourceFile]) {
        for file in files {
            for violation in rule.violations(in: file) { Issue.record("\(violation)") }
        }
    }

    @Test(arguments: Layers.imports.map(\.folder))
    func `a folder imports only what it may`(_ folder: String) throws {
        let rule = try #require(Layers.imports.first { $0.folder == folder })
        check(rule, SourceTree.files(under: folder).filter { Layers.imports(of: $0)?.folder == folder })
    }

    @Test func `every folder with Swift code has a rule`() {
        let homes = ["Shared/Grammar", "Shared/Machines", "Shared/Gateway", "Shared/Runtime", "Services"]
        let folders = homes.flatMap(SourceTree.folders)
        #expect(folders.count > 10, "the sources were not found at \(SourceTree.place)")
        for folder in folders {
            for file in SourceTree.files(under: folder) where file.isSwift && Layers.imports(of: file) == nil
            {
                Issue.record("say in Layers.swift what \(folder) may import")
            }
        }
        for file in SourceTree.files(under: "Shared") + SourceTree.files(under: "Services") {
            #expect(
                folders.contains { file.path.hasPrefix($0 + "/") },
                "\(file.path) lies in no module's folder"
            )
        }
    }

    @Test(arguments: PureCode.folders)
    func `pure code is told the time and given its dice`(_ folder: String) throws {
        let rule = try #require(PureCode.rules.first { $0.folder == folder })
        check(rule, SourceTree.files(under: folder))
    }

    @Test(arguments: ProtocolWords.rules.map(\.folder))
    func `a folder of one protocol never names the other`(_ folder: String) throws {
        let rule = try #require(ProtocolWords.rules.first { $0.folder == folder })
        check(rule, SourceTree.files(under: folder))
    }

    @Test func `no file is longer than the wall`() {
        check(LengthRule(), SourceTree.files)
    }

    @Test func `what is left to do has an issue`() {
        check(LeftoverRule(), SourceTree.files)
    }

    @Test func `tests wait for nothing and are all there`() {
        check(TestRule(), SourceTree.files(under: "Tests"))
    }
}
