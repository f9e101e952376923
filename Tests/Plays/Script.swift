/// What must be heard, line by line; `*` stands for anything that the standard leaves open.
func hears(_ heard: [String], _ scripts: String...) -> Bool {
    guard heard.count == scripts.count else { return false }
    return zip(heard, scripts).allSatisfy { text, script in
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let expected = script.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count == expected.count && zip(lines, expected).allSatisfy { matches($0, $1) }
    }
}

private func matches(_ line: Substring, _ script: Substring) -> Bool {
    let pieces = script.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = pieces.first, line.hasPrefix(first) else { return false }
    var rest = line.dropFirst(first.count)
    guard pieces.count > 1 else { return rest.isEmpty }
    for piece in pieces.dropFirst().dropLast() {
        guard let end = rest.firstRange(of: piece)?.upperBound else { return false }
        rest = rest[end...]
    }
    return rest.hasSuffix(pieces[pieces.count - 1])
}
