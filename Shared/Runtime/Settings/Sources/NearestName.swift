/// What someone who mistyped a name may have meant.
enum NearestName {
    /// The known name with the fewest typing errors between, if they are few: a third of its length at most.
    static func of(_ name: String, among known: some Sequence<String>) -> String? {
        // A path is compared whole, and by its last part against names that stand alone.
        let last = name.split(separator: ".").last.map(String.init) ?? name
        var best: (name: String, distance: Int)?
        for candidate in known {
            let distance = min(
                Self.distance(name, candidate),
                candidate.contains(".") ? .max : Self.distance(last, candidate)
            )
            guard distance * 3 <= candidate.count, distance < best?.distance ?? .max else { continue }
            best = (candidate, distance)
        }
        if best == nil { best = (known.first { $0.hasSuffix("." + last) }).map { ($0, 0) } }
        return best?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours (Damerau and Levenshtein), of short texts.
    private static func distance(_ one: String, _ other: String) -> Int {
        let one = Array(one.lowercased().utf8.prefix(64))
        let other = Array(other.lowercased().utf8.prefix(64))
        var older: [Int] = []
        var last = Array(0...other.count)
        for row in one.indices {
            var next = [row + 1]
            for column in other.indices {
                let isSame = one[row] == other[column]
                var cost = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, one[row] == other[column - 1], one[row - 1] == other[column] {
                    cost = min(cost, older[column - 1] + 1)
                }
                next.append(cost)
            }
            older = last
            last = next
        }
        return last[other.count]
    }
}
