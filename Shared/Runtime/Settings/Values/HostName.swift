/// Names of hosts and of domains.
enum HostName {
    /// A name in lower case, an IPv4 address, or an IPv6 address in brackets, which are taken off; else `nil`.
    static func canonical(_ text: String) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]") {
            let inner = String(text.dropFirst().dropLast())
            return inner.contains(":") && IPAddress(inner) != nil ? inner.lowercased() : nil
        }
        return domain(text)
    }

    /// A domain in lower case without the final dot (RFC 1035 2.3.4); letters beyond ASCII may be written as they are.
    static func domain(_ text: String) -> String? {
        var name = text.lowercased()[...]
        if name.hasSuffix(".") { name.removeLast() }
        guard !name.isEmpty, name.utf8.count <= 253 else { return nil }
        for label in name.split(separator: ".", omittingEmptySubsequences: false) {
            guard (1...63).contains(label.utf8.count), !label.hasPrefix("-"), !label.hasSuffix("-") else {
                return nil
            }
            guard label.unicodeScalars.allSatisfy(isAllowed) else { return nil }
        }
        return String(name)
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9", "-", "_": true
        case "\0"..."\u{7F}": false
        default: scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark
        }
    }
}
