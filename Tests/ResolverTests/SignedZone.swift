import Crypto
import Foundation

/// A zone that is signed with one Ed25519 key (RFC 4034, RFC 8080), valid from 2025 to 2085:
/// the times are serial numbers, which say nothing of more than 68 years (RFC 4034 section 3.1.5).
struct SignedZone {
    let name: String
    private let key = Curve25519.Signing.PrivateKey()

    private static let lifetime: UInt32 = 60
    private static let (inception, expiration): (UInt32, UInt32) = (1_735_689_600, 3_629_059_200)
    private static let algorithm: UInt8 = 15

    init(_ name: String) {
        self.name = name
    }

    /// The key's record (RFC 4034 section 2): zone key and secure entry point.
    var keyRecord: [UInt8] {
        [1, 1, 3, Self.algorithm] + Array(key.publicKey.rawRepresentation)
    }

    /// The key as a zone file has it.
    var anchor: String {
        "\(name). IN DNSKEY 257 3 \(Self.algorithm) \(key.publicKey.rawRepresentation.base64EncodedString())"
    }

    /// What a server says to the question for the key.
    var keyReply: NameServer.Reply { sign([keyRecord], of: name, type: 48) }

    /// Records with their signature.
    func sign(_ records: [[UInt8]], of owner: String, type: UInt16) -> NameServer.Reply {
        .signed(records, signature: signature(records, owner, type))
    }

    /// The data of the RRSIG record (RFC 4034 section 3.1).
    func signature(_ records: [[UInt8]], _ owner: String, _ type: UInt16) -> [UInt8] {
        let labels = UInt8(owner.split(separator: ".").count)
        let head =
            RecordData.octets(type) + [Self.algorithm, labels] + RecordData.octets(Self.lifetime)
            + RecordData.octets(Self.expiration) + RecordData.octets(Self.inception)
            + RecordData.octets(keyTag) + RecordData.name(name)
        let sorted = records.sorted { $0.lexicographicallyPrecedes($1) }
        let signed = head + sorted.flatMap { canonical($0, owner, type) }
        let signature = (try? key.signature(for: signed)).map { Array($0) } ?? []
        return head + signature
    }

    /// RFC 4034 section 6.2.
    private func canonical(_ record: [UInt8], _ owner: String, _ type: UInt16) -> [UInt8] {
        RecordData.name(owner) + RecordData.octets(type) + [0, 1] + RecordData.octets(Self.lifetime)
            + RecordData.octets(UInt16(record.count)) + record
    }

    /// RFC 4034 appendix B.
    private var keyTag: UInt16 {
        var sum: UInt32 = 0
        for (index, octet) in keyRecord.enumerated() {
            sum += index.isMultiple(of: 2) ? UInt32(octet) << 8 : UInt32(octet)
        }
        return UInt16(truncatingIfNeeded: sum + sum >> 16)
    }
}
