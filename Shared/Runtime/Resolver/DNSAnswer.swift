/// What the DNS said to one question.
enum DNSAnswer: Hashable, Sendable {
    /// The records' data, uncompressed, at most ``most`` of them.
    case records([[UInt8]])
    /// The name exists, without records of the type (NODATA).
    case noRecords
    /// NXDOMAIN.
    case noSuchName

    /// Nobody publishes more targets of one service in earnest, and whoever does may not make us work through them.
    static let most = 64
}

/// The record types that the gateway asks for (IANA "Resource Record (RR) TYPEs").
enum RecordType: Int32, Hashable, Sendable {
    case a = 1
    case aaaa = 28
    case srv = 33
}

extension SRVRecord {
    /// Reads the record's data (RFC 2782): priority, weight, port, target; `nil` when it does not hold together.
    init?(data: [UInt8]) {
        guard data.count >= 7, let target = DomainNameText.text(data, from: 6) else { return nil }
        func number(at offset: Int) -> Int { Int(data[offset]) << 8 | Int(data[offset + 1]) }
        self.init(priority: number(at: 0), weight: number(at: 2), port: number(at: 4), target: target)
    }
}
