/// What the files of a folder may import besides the standard library: nothing but what is named.
struct ImportRule: Guard {
    let folder: String
    private let allowed: [String]

    /// Modules by name; `NIO*` stands for all that begin so.
    init(_ folder: String, allows allowed: [String]) {
        self.folder = folder
        self.allowed = allowed
    }

    func violations(in file: SourceFile) -> [Violation] {
        // Generated code brings its library's own imports.
        guard file.isSwift, !file.isGenerated else { return [] }
        return file.imports.filter { !allows($0.module) }.map { number, module in
            Violation(path: file.path, line: number, what: "\(folder) may not import \(module)")
        }
    }

    private func allows(_ module: String) -> Bool {
        module == "Swift"
            || allowed.contains { $0.hasSuffix("*") ? module.hasPrefix($0.dropLast()) : module == $0 }
    }
}
