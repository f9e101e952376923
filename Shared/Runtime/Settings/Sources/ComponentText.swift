/// An entry of `xmpp.components` in one piece: `127.0.0.1:5347/sip.example?secret=s3cret`.
///
/// What stands before the question mark is short for the fields `host`, `port` and `domain`; octets that would be
/// misread are percent-encoded (RFC 3986 2.1).
enum ComponentText {
    /// The fields, decoded; `nil` when the text does not have the form.
    static func read(_ text: String) -> [String: String]? {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var fields: [String: String] = [:]
        if !parts[0].isEmpty {
            guard let slash = parts[0].firstIndex(of: "/") else { return nil }
            fields["domain"] = String(parts[0][parts[0].index(after: slash)...])
            let place = parts[0][..<slash]
            let colon = place.hasSuffix("]") ? nil : place.lastIndex(of: ":")
            fields["host"] = String(place[..<(colon ?? place.endIndex)])
            if let colon { fields["port"] = String(place[place.index(after: colon)...]) }
        }
        guard parts.count == 2 else { return fields }
        for pair in parts[1].split(separator: "&") {
            guard let (name, encoded) = Pairs.split(String(pair)), fields[name] == nil,
                let value = decode(encoded)
            else { return nil }
            fields[name] = value
        }
        return fields
    }

    static func write(_ fields: [(name: String, value: String)]) -> String {
        "?" + fields.map { "\($0.name)=\(encode($0.value))" }.joined(separator: "&")
    }

    private static func encode(_ text: String) -> String {
        text.utf8.map { octet in
            let isPlain =
                (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet)
                || (0x61...0x7A).contains(octet)
            guard !isPlain else { return String(UnicodeScalar(octet)) }
            return "%" + (octet < 16 ? "0" : "") + String(octet, radix: 16)
        }.joined()
    }

    private static func decode(_ text: String) -> String? {
        var octets: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "%") else {
                octets.append(octet)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else { return nil }
            octets.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: octets, as: UTF8.self)
    }
}
