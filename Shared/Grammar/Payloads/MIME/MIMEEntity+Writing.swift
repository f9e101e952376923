extension MIMEEntity {
    /// The header fields, the empty line and the body.
    public var octets: [UInt8] {
        var octets: [UInt8] = []
        write(into: &octets)
        return octets
    }

    /// The body alone, for one who carries the header fields elsewhere.
    public var bodyOctets: [UInt8] {
        var octets: [UInt8] = []
        writeBody(into: &octets)
        return octets
    }

    private func write(into octets: inout [UInt8]) {
        octets += Array("Content-Type: \(mediaType)\r\n".utf8)
        for field in headers.fields where !Self.isOurs(field.name) {
            octets += Array("\(field.name): \(Self.oneLine(field.value))\r\n".utf8)
        }
        octets += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        writeBody(into: &octets)
    }

    private func writeBody(into octets: inout [UInt8]) {
        switch content {
        case .octets(let body): octets += body
        case .parts(let parts):
            let boundary = mediaType.parameter("boundary") ?? Self.boundary(for: parts)
            for part in parts {
                octets += Array("--\(boundary)\r\n".utf8)
                part.write(into: &octets)
                octets += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
            }
            octets += Array("--\(boundary)--\r\n".utf8)
        }
    }

    /// Fields that are written from what the entity knows: its type, and that its octets are not encoded.
    private static func isOurs(_ name: String) -> Bool {
        let name = name.lowercased()
        return name == "content-type" || name == "content-transfer-encoding" || name == "content-length"
    }

    private static func oneLine(_ value: String) -> String {
        var line = ""
        for scalar in value.unicodeScalars {
            line.unicodeScalars.append(scalar == "\r" || scalar == "\n" ? " " : scalar)
        }
        return line
    }

    /// A boundary made from the parts' own octets, so that a part which contains it cannot be written in advance.
    static func boundary(for parts: [MIMEEntity]) -> String {
        var octets: [UInt8] = []
        for part in parts { part.write(into: &octets) }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for octet in octets { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01b3 }
        return "part-\(String(hash, radix: 16))"
    }
}
