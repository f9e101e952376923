/// Names as the DNS takes and gives them.
enum DomainNameText {
    /// The name as it is asked for: ASCII labels of at most 63 octets, at most 253 in all (RFC 1035 2.3.4).
    ///
    /// A name comes from a peer's message, so whatever is not a host or service name (RFC 2181 11 would allow any
    /// octet) is refused before it reaches a C string. An international name has to be in A-labels already.
    static func question(_ name: String) -> String? {
        var octets = Array(name.utf8)
        if octets.last == UInt8(ascii: ".") { octets.removeLast() }
        guard !octets.isEmpty, octets.count <= 253 else { return nil }
        for label in octets.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard (1...63).contains(label.count), label.allSatisfy(isNameOctet) else { return nil }
        }
        return String(decoding: octets.map(lowercased), as: UTF8.self)
    }

    /// The name that stands at an offset of uncompressed record data, "." for the root, and the offset behind it; `nil`
    /// when it is not a name.
    static func read(_ data: [UInt8], from offset: Int) -> (name: String, end: Int)? {
        var labels: [String] = []
        var position = offset
        while position < data.count, position - offset < 255 {
            let length = Int(data[position])
            if length == 0 { return (labels.isEmpty ? "." : labels.joined(separator: "."), position + 1) }
            guard length <= 63, position + 1 + length <= data.count else { return nil }
            let label = data[(position + 1)...(position + length)]
            guard label.allSatisfy(isNameOctet) else { return nil }
            labels.append(String(decoding: label.map(lowercased), as: UTF8.self))
            position += 1 + length
        }
        return nil
    }

    private static func isNameOctet(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func lowercased(_ octet: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet) ? octet | 0x20 : octet
    }
}
