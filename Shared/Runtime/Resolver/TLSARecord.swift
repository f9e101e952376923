// Conforms: RFC 6698 §2.1 (complete)

/// One TLSA record: which certificate a service shows (RFC 6698 section 2.1).
///
///     _5269._tcp.xmpp.wonder.example. IN TLSA 3 1 1 8D02…
///
/// It means nothing unless the answer that brought it is secure.
package struct TLSARecord: Hashable, Sendable {
    /// 0 PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE (RFC 7218).
    package var usage: Int
    /// 0 the whole certificate, 1 its public key.
    package var selector: Int
    /// 0 the octets themselves, 1 their SHA-256, 2 their SHA-512.
    package var matching: Int
    package var association: [UInt8]

    package init(usage: Int, selector: Int, matching: Int, association: [UInt8]) {
        self.usage = usage
        self.selector = selector
        self.matching = matching
        self.association = association
    }

    /// Reads the record's data; `nil` when it does not hold together, a digest of the wrong length included.
    init?(data: [UInt8]) {
        var reader = RecordReader(data)
        guard let usage = reader.number8(), let selector = reader.number8(), let matching = reader.number8()
        else { return nil }
        let association = reader.rest()
        switch matching {
        case 1: guard association.count == 32 else { return nil }
        case 2: guard association.count == 64 else { return nil }
        default: guard !association.isEmpty else { return nil }
        }
        self.init(usage: usage, selector: selector, matching: matching, association: association)
    }
}
