import Octets

/// What somebody's digests are made of: a password, or the hash of it that RFC 7616 section 3.4.2 calls H(A1).
///
/// It never shows itself.
public struct DigestSecret: Hashable, Sendable {
    private enum Kind: Hashable {
        case password(String)
        case hashed(DigestAlgorithm.Hash, String)
    }

    private let kind: Kind

    public init(password: String) {
        kind = .password(password)
    }

    /// Reads `H(user:realm:password)` in hexadecimal digits: 32 of them are MD5's, 64 SHA-256's; nil for anything else.
    ///
    /// It serves one user name, one realm and one hash alone.
    public init?(hashed digits: String) {
        let digits = ASCII.lowercased(digits)
        guard Hex.decode(digits) != nil,
            let hash = DigestAlgorithm.Hash.allCases.first(where: { $0.length == digits.utf8.count })
        else { return nil }
        kind = .hashed(hash, digits)
    }

    /// The hashes that digests can be made with.
    public var hashes: Set<DigestAlgorithm.Hash> {
        switch kind {
        case .password: Set(DigestAlgorithm.Hash.allCases)
        case .hashed(let hash, _): [hash]
        }
    }

    /// H(A1) without a session; nil if it was given for another hash.
    func key(user: String, realm: String, _ hash: DigestAlgorithm.Hash) -> String? {
        switch kind {
        case .password(let password): hash.digits(of: "\(user):\(realm):\(password)")
        case .hashed(hash, let digits): digits
        case .hashed: nil
        }
    }
}

extension DigestSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "(secret)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
