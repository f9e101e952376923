import Octets

extension [UInt8] {
    /// Begins a line.
    mutating func begin(_ type: UInt8) {
        append(type)
        append(UInt8(ascii: "="))
    }

    mutating func endLine() {
        append(ASCII.carriageReturn)
        append(ASCII.lineFeed)
    }

    /// Adds a line with a text as its value.
    mutating func append(line type: UInt8, _ text: String) {
        begin(type)
        append(value: text)
        endLine()
    }

    /// Adds a text that cannot break out of its line: what would end it becomes a space.
    mutating func append(value text: String) {
        let start = count
        append(contentsOf: text.utf8)
        for index in start..<count {
            switch self[index] {
            case 0, ASCII.lineFeed, ASCII.carriageReturn: self[index] = ASCII.space
            default: break
            }
        }
    }

    /// Adds a text as one word: blanks and what would end the line become `_`, and nothing becomes `-`.
    mutating func append(word text: String) {
        guard !text.isEmpty else { return append(UInt8(ascii: "-")) }
        let start = count
        append(contentsOf: text.utf8)
        for index in start..<count {
            switch self[index] {
            case 0, ASCII.lineFeed, ASCII.carriageReturn, ASCII.space, ASCII.tab:
                self[index] = UInt8(ascii: "_")
            default: break
            }
        }
    }
}
