/// A line that breaks a rule.
struct Violation: Hashable, CustomStringConvertible {
    let path: String
    let line: Int
    let what: String

    var description: String { "\(path):\(line): \(what)" }
}

/// A rule that a file keeps or breaks.
protocol Guard: Sendable {
    func violations(in file: SourceFile) -> [Violation]
}
