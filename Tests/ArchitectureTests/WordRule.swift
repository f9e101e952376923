/// Words that the code of a folder may not hold; comments may.
struct WordRule: Guard {
    let folder: String
    /// What the rule is for, to be told to who broke it.
    let purpose: String
    private let holdsWord: @Sendable (Substring) -> String?

    init(_ folder: String, _ purpose: String, _ holdsWord: @escaping @Sendable (Substring) -> String?) {
        self.folder = folder
        self.purpose = purpose
        self.holdsWord = holdsWord
    }

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, !file.isGenerated else { return [] }
        return file.code.compactMap { number, text in
            holdsWord(text).map { Violation(path: file.path, line: number, what: "\(purpose): \($0)") }
        }
    }
}
