/// One file of the project as the guards see it.
struct SourceFile: Sendable {
    /// From the root of the project: `Shared/Grammar/Octets/Hex.swift`.
    let path: String
    let lines: [Substring]
    /// The lines with their numbers, less what is comment.
    let code: [(number: Int, text: Substring)]

    init(path: String, text: String) {
        self.path = path
        // As code points: CR LF is one Character.
        let pieces = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        lines = pieces.map { Substring($0) }
        code = lines.enumerated().compactMap { index, line in
            let text = Self.withoutComment(line)
            return text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } ? nil : (index + 1, text)
        }
    }

    var isGenerated: Bool { path.hasSuffix(".pb.swift") }

    var isSwift: Bool { path.hasSuffix(".swift") }

    /// The modules that the file imports, with the lines that do.
    var imports: [(number: Int, module: String)] {
        code.compactMap { number, text in
            Self.importedModule(text).map { (number, $0) }
        }
    }

    /// The module in `public import struct NIOCore.ByteBuffer`; nil when the line is no import.
    static func importedModule(_ line: Substring) -> String? {
        guard line.contains("import") else { return nil }
        let words = line.split(whereSeparator: \.isWhitespace)
        guard let keyword = words.firstIndex(of: "import"), keyword < 4,
            words[..<keyword].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains($0) })
        else { return nil }
        let rest = words[(keyword + 1)...].drop { kinds.contains($0) }
        return rest.first.map { String($0.prefix { $0 != "." && $0 != ";" }) }
    }

    private static let accessLevels: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private",
    ]
    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor",
    ]

    /// The line up to `//`, unless a string holds it.
    private static func withoutComment(_ line: Substring) -> Substring {
        guard line.contains("//") else { return line }
        var isInString = false
        var index = line.startIndex
        while index < line.endIndex {
            let character = line[index]
            let next = line.index(after: index)
            if character == "\\", isInString, next < line.endIndex {
                index = line.index(after: next)
                continue
            }
            if character == "\"" { isInString.toggle() }
            if !isInString, character == "/", next < line.endIndex, line[next] == "/" {
                return line[..<index]
            }
            index = next
        }
        return line
    }
}
