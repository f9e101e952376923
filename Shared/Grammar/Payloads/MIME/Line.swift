import Octets

/// One line of octets: what it holds, and where the next one begins.
struct Line {
    let range: Range<Int>
    let next: Int

    /// The line that begins at a place; it ends at LF, CRLF or where the octets end.
    init(at start: Int, in octets: ArraySlice<UInt8>) {
        let feed = octets[start...].firstIndex(of: UInt8(ascii: "\n"))
        var end = feed ?? octets.endIndex
        next = feed.map { $0 + 1 } ?? octets.endIndex
        if feed != nil, end > start, octets[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        range = start..<end
    }
}

extension ArraySlice<UInt8> {
    /// Without blanks at either end.
    var trimmed: ArraySlice<UInt8> {
        guard let first = firstIndex(where: { !ASCII.isBlank($0) }),
            let last = lastIndex(where: { !ASCII.isBlank($0) })
        else { return prefix(0) }
        return self[first...last]
    }
}
