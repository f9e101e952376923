import Octets

extension SIPURI {
    /// The header fields that a URI brings along for the request that is made of it (RFC 3261 section 19.1.1).
    ///
    /// `?Replaces=12345%40host%3Bto-tag%3D12%3Bfrom-tag%3D5`; what cannot be read is left out.
    public var embeddedHeaders: SIPHeaders {
        get {
            var found = SIPHeaders()
            guard let headers else { return found }
            for part in headers.utf8.split(separator: UInt8(ascii: "&")).prefix(32) {
                let pair = part.split(
                    separator: UInt8(ascii: "="),
                    maxSplits: 1,
                    omittingEmptySubsequences: false
                )
                guard pair.count == 2, let name = PercentCoding.decode(Array(pair[0])),
                    let value = PercentCoding.decode(Array(pair[1])), !name.isEmpty
                else { continue }
                found.append(
                    SIPHeaderName(String(decoding: name, as: UTF8.self)),
                    String(decoding: value, as: UTF8.self)
                )
            }
            return found
        }
        set {
            let parts = newValue.fields.map { field in
                "\(Self.escaped(field.name.text))=\(Self.escaped(field.value))"
            }
            headers = parts.isEmpty ? nil : parts.joined(separator: "&")
        }
    }

    private static func escaped(_ text: String) -> String {
        PercentCoding.encode(Array(text.utf8), keeping: unreserved)
    }

    private static let unreserved = OctetSet.alphanumeric.union(OctetSet("-_.!~*'()"))
}
