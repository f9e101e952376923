/// One SRV record: where a service of a domain is (RFC 2782).
///
///     _xmpp-server._tcp.wonder.example. 3600 IN SRV 10 60 5269 xmpp1.wonder.example.
package struct SRVRecord: Hashable, Sendable {
    /// Lower is tried first.
    package var priority: Int
    /// The share of the load within one priority; 0 stands back.
    package var weight: Int
    package var port: Int
    /// The host, in lower case and without the final dot; `.` alone when the service is not available.
    package var target: String

    package init(priority: Int, weight: Int, port: Int, target: String) {
        self.priority = priority
        self.weight = weight
        self.port = port
        self.target = target
    }

    /// Reads the record's data (RFC 2782); `nil` when it does not hold together.
    init?(data: [UInt8]) {
        var reader = RecordReader(data)
        guard let priority = reader.number16(), let weight = reader.number16(), let port = reader.number16(),
            let target = reader.lastName()
        else { return nil }
        self.init(priority: priority, weight: weight, port: port, target: target)
    }

    /// Whether the domain says that it does not offer the service ("Target", RFC 2782).
    package var isUnavailable: Bool { target == "." }
}

extension SRVRecord {
    /// The order in which to try the records: by priority, within one by weighted chance (RFC 2782, "Weight").
    package static func ordered(
        _ records: [SRVRecord],
        using generator: inout some RandomNumberGenerator
    ) -> [SRVRecord] {
        var result: [SRVRecord] = []
        result.reserveCapacity(records.count)
        for priority in Set(records.map(\.priority)).sorted() {
            let equals = records.filter { $0.priority == priority }
            // The RFC wants the weightless in front, so that chance zero can pick them.
            var waiting = equals.filter { $0.weight == 0 } + equals.filter { $0.weight > 0 }
            while let index = pick(from: waiting, using: &generator) {
                result.append(waiting.remove(at: index))
            }
        }
        return result
    }

    private static func pick(
        from waiting: [SRVRecord],
        using generator: inout some RandomNumberGenerator
    ) -> Int? {
        guard waiting.count > 1 else { return waiting.indices.first }
        let chance = Int.random(in: 0...waiting.reduce(0) { $0 + max(0, $1.weight) }, using: &generator)
        var sum = 0
        return waiting.firstIndex { record in
            sum += max(0, record.weight)
            return sum >= chance
        }
    }
}
