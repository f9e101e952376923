import Glibc

/// What happened, a line each, for whoever started the agent.
enum Journal {
    static func note(_ event: Any, _ key: String) {
        let line = Array("\(key) \(event)\n".utf8)
        _ = unsafe line.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
    }
}
