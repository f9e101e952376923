/// The most lines that a file may have; generated ones excepted.
struct LengthRule: Guard {
    static let wall = 500

    func violations(in file: SourceFile) -> [Violation] {
        // The empty piece behind the last line break is no line.
        let count = file.lines.last?.isEmpty == true ? file.lines.count - 1 : file.lines.count
        guard !file.isGenerated, count > Self.wall else { return [] }
        return [Violation(path: file.path, line: count, what: "\(count) lines: split it by sub-dialogue")]
    }
}

/// What is left to do has an issue: `TODO(#12): …`.
struct LeftoverRule: Guard {
    func violations(in file: SourceFile) -> [Violation] {
        guard !file.isGenerated else { return [] }
        return file.lines.enumerated().compactMap { index, line in
            Self.leftover(line).map { Violation(path: file.path, line: index + 1, what: $0) }
        }
    }

    /// The mark without an issue's number; nil when there is none.
    private static func leftover(_ line: Substring) -> String? {
        // Only in comments: the rule's own words stand in strings.
        guard let slashes = line.firstRange(of: "//") else { return nil }
        let comment = line[slashes.upperBound...]
        for mark in ["TODO", "FIXME", "HACK"] {
            guard let range = comment.firstRange(of: mark) else { continue }
            let rest = comment[range.upperBound...]
            let digits = rest.dropFirst(2).prefix { $0.isNumber }
            let hasIssue =
                rest.hasPrefix("(#") && !digits.isEmpty && rest.dropFirst(2 + digits.count).hasPrefix(")")
            if !hasIssue || mark != "TODO" { return "\(mark) without an issue: write TODO(#number)" }
        }
        return nil
    }
}

/// Tests wait for nothing, test what is visible, and are all there.
struct TestRule: Guard {
    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, file.path.hasPrefix("Tests/"), !Self.programs.contains(where: file.path.hasPrefix)
        else {
            return []
        }
        let inCode = file.code.compactMap { number, text in
            Self.forbidden.first { text.contains($0) }.map {
                Violation(path: file.path, line: number, what: "a test must not use \($0)")
            }
        }
        let inComments = file.lines.enumerated().compactMap { index, line -> Violation? in
            let isTest = line.drop(while: \.isWhitespace).hasPrefix("//") && line.contains("@Test")
            return isTest ? Violation(path: file.path, line: index + 1, what: "a test is commented out") : nil
        }
        return inCode + inComments
    }

    /// What lies beside the tests and is none: programs that make load or look for crashes.
    private static let programs = ["Tests/Benchmarks/", "Tests/Fuzz/"]

    private static let forbidden = [
        "@" + "testable", "import " + "XCTest", "Task." + "sleep", "Thread." + "sleep", "usleep" + "(",
        "nanosleep" + "(",
    ]
}
