/// What the DNS said to one question.
struct DNSAnswer: Hashable, Sendable {
    enum Content: Hashable, Sendable {
        /// The records' data, uncompressed, at most ``DNSAnswer/most`` of them.
        case records([[UInt8]])
        /// The name exists, without records of the type (NODATA).
        case noRecords
        /// NXDOMAIN.
        case noSuchName
    }

    /// Nobody publishes more targets of one service in earnest, and whoever does may not make us work through them.
    static let most = 64

    var content: Content
    /// Whether signatures prove it.
    var isSecure = false
    var timeToLive = Duration.zero

    /// The records, read by whoever knows the type; what does not hold together is passed over.
    func read<Record>(_ record: ([UInt8]) -> Record?) -> ResolverAnswer<Record> {
        let found: [Record] =
            switch content {
            case .records(let records): records.compactMap(record)
            case .noRecords, .noSuchName: []
            }
        return ResolverAnswer(found, isSecure: isSecure, timeToLive: timeToLive)
    }
}
