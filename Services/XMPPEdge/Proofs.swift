import Crypto
import Octets
import XMPPStreams

/// The digests by which streams prove things.
enum Proofs {
    /// The handshake of a component: lower-case hex of SHA-1 over the stream's id and the secret (XEP-0114 section 3).
    static func handshake(streamID: String, secret: String) -> String {
        Hex.encode(Array(Insecure.SHA1.hash(data: Array((streamID + secret).utf8))))
    }

    /// Makes dialback keys from a secret (XEP-0185 section 3, XEP-0220 section 2.1.1):
    /// HMAC-SHA256(SHA256(secret), receiving originating streamID), all in lower-case hex.
    static func dialbackKey(secret: String) -> DialbackKey {
        let digest = Hex.encode(Array(SHA256.hash(data: Array(secret.utf8))))
        let key = SymmetricKey(data: Array(digest.utf8))
        return { receiving, originating, streamID in
            let text = "\(receiving) \(originating) \(streamID)"
            return Hex.encode(Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)))
        }
    }
}
