import Crypto
import MachineKit
import Octets

/// A server's nonce that needs no memory: when it was made, something that sets it apart, and a proof of both.
///
/// 48 bits of milliseconds, 64 bits of salt and 128 bits of HMAC-SHA-256 over them and the realm, in base 64.
struct Nonce: Hashable {
    let issued: WallTime
    let salt: UInt64

    private static let length = 30
    private static let proven = 14

    init(issued: WallTime, salt: UInt64) {
        self.issued = issued
        self.salt = salt
    }

    /// Reads a nonce; nil if this key and realm did not make it.
    init?(_ text: String, realm: String, key: [UInt8]) {
        guard text.utf8.count == Self.length / 3 * 4, let octets = Base64.decode(text),
            octets.count == Self.length
        else { return nil }
        var (milliseconds, salt): (UInt64, UInt64) = (0, 0)
        for octet in octets[0..<6] { milliseconds = milliseconds << 8 | UInt64(octet) }
        for octet in octets[6..<Self.proven] { salt = salt << 8 | UInt64(octet) }
        self.init(issued: WallTime(milliseconds: Int64(milliseconds)), salt: salt)
        guard ConstantTime.areEqual(text, self.text(realm: realm, key: key)) else { return nil }
    }

    func text(realm: String, key: [UInt8]) -> String {
        var octets: [UInt8] = []
        octets.reserveCapacity(Self.length + realm.utf8.count)
        for shift in stride(from: 40, through: 0, by: -8) {
            octets.append(UInt8(truncatingIfNeeded: issued.milliseconds >> Int64(shift)))
        }
        for shift in stride(from: 56, through: 0, by: -8) {
            octets.append(UInt8(truncatingIfNeeded: salt >> UInt64(shift)))
        }
        let proof = HMAC<SHA256>.authenticationCode(
            for: octets + Array(realm.utf8),
            using: SymmetricKey(data: key)
        )
        octets.append(contentsOf: Array(proof).prefix(Self.length - Self.proven))
        return Base64.encode(octets)
    }
}
