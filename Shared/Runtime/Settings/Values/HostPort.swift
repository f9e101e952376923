/// A host and a port: `127.0.0.1:8080`, `[::1]:8080`, `gw.example:8080`.
package struct HostPort: Hashable, Sendable, CustomStringConvertible {
    /// A name in lower case or an address without brackets.
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads a host with a port, or without when there is a default; IPv6 stands in brackets.
    package init?(_ text: String, defaultPort: Int? = nil) {
        var host = text[...]
        var port = defaultPort
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[...end]
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
        }
        if host.endIndex < text.endIndex {
            guard text[host.endIndex] == ":" else { return nil }
            let digits = text[text.index(after: host.endIndex)...]
            guard let given = Self.port(digits) else { return nil }
            port = given
        }
        guard let port, let name = HostName.canonical(String(host)) else { return nil }
        self.init(host: name, port: port)
    }

    package var description: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }

    private static func port(_ digits: Substring) -> Int? {
        let isNumber =
            (1...5).contains(digits.utf8.count) && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let port = Int(digits), port <= 65_535 else { return nil }
        return port
    }
}
