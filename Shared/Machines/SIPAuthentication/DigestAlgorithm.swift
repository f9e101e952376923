import Crypto
import Octets

/// What digests are made with (RFC 7616 section 6.1): a hash, and whether a session key is derived first.
///
/// SHA-512/256 is not among them: there is no library for it here, and a challenge with it comes with another one.
public struct DigestAlgorithm: Hashable, Sendable, CustomStringConvertible {
    public enum Hash: String, Hashable, Sendable, CaseIterable {
        case sha256 = "SHA-256"
        case md5 = "MD5"

        /// The hash of octets in hexadecimal digits, as digests are made of them (RFC 8760 section 2.2).
        public func digits(of octets: [UInt8]) -> String {
            switch self {
            case .sha256: Hex.encode(Array(SHA256.hash(data: octets)))
            case .md5: Hex.encode(Array(Insecure.MD5.hash(data: octets)))
            }
        }

        func digits(of text: String) -> String { digits(of: Array(text.utf8)) }

        /// How many digits ``digits(of:)`` has.
        var length: Int { self == .sha256 ? 64 : 32 }
    }

    public var hash: Hash
    /// `-sess`: the key is of the first nonces too (RFC 7616 section 3.4.2).
    public var isSession: Bool

    public init(_ hash: Hash, isSession: Bool = false) {
        self.hash = hash
        self.isSession = isSession
    }

    /// Reads a challenge's parameter, in either case; MD5 if there is none, and nil for what is unknown here.
    public init?(_ text: String?) {
        guard let text else {
            self.init(.md5)
            return
        }
        for hash in Hash.allCases {
            for isSession in [false, true] {
                let algorithm = DigestAlgorithm(hash, isSession: isSession)
                guard ASCII.equalIgnoringCase(algorithm.description, text) else { continue }
                self = algorithm
                return
            }
        }
        return nil
    }

    public var description: String { hash.rawValue + (isSession ? "-sess" : "") }
}
