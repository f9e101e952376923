import Glibc

/// What happened, a line each, for whoever started the agent.
enum Journal {
    static func note(_ event: Any, _ key: String) {
        // What a description says is of no interest here, and long.
        let text = "\(event)".split(separator: "octets: [").enumerated().map { index, part in
            index == 0 ? part : part.drop { $0 != "]" }
        }
        let line = Array("\(key) \(text.joined(separator: "octets: ["))\n".utf8)
        _ = unsafe line.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
    }
}
