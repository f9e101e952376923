// Conforms: RFC 3403 §4 (partial: records are read and put in order; expressions are not applied, for RFC 3263 has none)

/// One NAPTR record: what a domain's name leads to next (RFC 3403 section 4).
///
///     example.com. IN NAPTR 50 50 "s" "SIPS+D2T" "" _sips._tcp.example.com.
package struct NAPTRRecord: Hashable, Sendable {
    /// Lower is processed first, and what has begun with one order does not go on to the next unless nothing fitted.
    package var order: Int
    /// Within one order, lower is preferred.
    package var preference: Int
    /// In small letters: `s` leads to SRV records, `a` to addresses, `u` to a URI, none to further NAPTR records.
    package var flags: String
    /// In capitals: `SIP+D2U`.
    package var services: String
    package var regexp: String
    /// The next name, in lower case and without the final dot; `.` alone when there is an expression instead.
    package var replacement: String

    package init(
        order: Int,
        preference: Int,
        flags: String,
        services: String,
        regexp: String = "",
        replacement: String
    ) {
        self.order = order
        self.preference = preference
        self.flags = flags
        self.services = services
        self.regexp = regexp
        self.replacement = replacement
    }

    /// Reads the record's data (RFC 3403 section 4.1); `nil` when it does not hold together.
    init?(data: [UInt8]) {
        var reader = RecordReader(data)
        guard let order = reader.number16(), let preference = reader.number16(),
            let flags = reader.characterString(), let services = reader.characterString(),
            let regexp = reader.characterString(), let replacement = reader.lastName(),
            flags.utf8.allSatisfy({ $0 < 128 }), services.utf8.allSatisfy({ $0 < 128 })
        else { return nil }
        self.init(
            order: order,
            preference: preference,
            flags: flags.lowercased(),
            services: services.uppercased(),
            regexp: regexp,
            replacement: replacement
        )
    }

    /// The order in which the records are processed; what is equal stays as the DNS gave it.
    package static func ordered(_ records: [NAPTRRecord]) -> [NAPTRRecord] {
        records.enumerated()
            .sorted { one, other in
                (one.element.order, one.element.preference, one.offset)
                    < (other.element.order, other.element.preference, other.offset)
            }
            .map(\.element)
    }
}
