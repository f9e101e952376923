extension CPIMMessage {
    /// The message as RFC 3862 wants it: CRLF, one space after each colon, an empty line on either side of the MIME
    /// header fields, and a declaration before the first use of each prefix.
    public var octets: [UInt8] {
        var writer = Writer()
        if let from { writer.line("From", from.printed) }
        for address in to { writer.line("To", address.printed) }
        for address in cc { writer.line("cc", address.printed) }
        if let dateTime { writer.line("DateTime", XMPPDateTime.print(dateTime)) }
        let required = required.filter { CPIMName.isName(Array($0.name.utf8)[...]) }
        for name in required { writer.declare(name.namespace) }
        if !required.isEmpty {
            writer.line("Require", required.map { writer.spelling(of: $0) }.joined(separator: ","))
        }
        for header in headers where Self.isWritable(header.name) {
            writer.declare(header.name.namespace)
            writer.line(
                writer.spelling(of: header.name),
                language: header.language,
                CPIMEscape.apply(header.value)
            )
        }
        writer.octets += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        return writer.octets + content.octets
    }

    /// Whether a name is one that a header may have, and none that would be read as something else.
    private static func isWritable(_ name: CPIMName) -> Bool {
        guard CPIMName.isName(Array(name.name.utf8)[...]), !name.namespace.isEmpty else { return false }
        guard name.namespace == CPIMName.core else { return true }
        return !ownNames.contains(name.name) && !CPIMReader.isContentHeader(Array(name.name.utf8)[...])
    }

    private static let ownNames: Set<String> = ["From", "To", "cc", "DateTime", "NS", "Require"]

    private struct Writer {
        var octets: [UInt8] = []
        private var prefixes = [CPIMName.core: ""]

        mutating func line(_ name: String, language: String? = nil, _ value: String) {
            let parameter = language.map { ";lang=\(Self.token($0))" } ?? ""
            octets += Array("\(Self.token(name)):\(parameter) \(value)\r\n".utf8)
        }

        /// Declares a namespace that has no prefix yet.
        mutating func declare(_ namespace: String) {
            guard prefixes[namespace] == nil else { return }
            let prefix = namespace == CPIMName.imdn ? "imdn" : "ns\(prefixes.count)"
            prefixes[namespace] = prefix
            line("NS", "\(prefix) \(CPIMAddress(uri: namespace).printed)")
        }

        func spelling(of name: CPIMName) -> String {
            guard let prefix = prefixes[name.namespace], !prefix.isEmpty else { return name.name }
            return "\(prefix).\(name.name)"
        }

        /// Without the octets that a name or a language tag cannot have.
        private static func token(_ text: String) -> String {
            String(decoding: text.utf8.filter(FieldScanner.isToken), as: UTF8.self)
        }
    }
}
