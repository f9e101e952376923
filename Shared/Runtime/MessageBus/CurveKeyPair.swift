internal import CZeroMQ
package import Telemetry

/// A pair of CURVE keys (26/CURVEZMQ), each of them 40 characters of Z85 (32/Z85).
package struct CurveKeyPair: Hashable, Sendable {
    package let publicKey: String
    package let secretKey: Secret

    /// The pair that a secret key belongs to; nil when the text is no key.
    package init?(secretKey: Secret) {
        // libzmq decodes into 32 octets whatever the length of the text.
        guard CurveKey.octets(secretKey.revealed) != nil else { return nil }
        var text = [CChar](repeating: 0, count: CurveKey.length + 1)
        guard unsafe zmq_curve_public(&text, secretKey.revealed) == 0 else { return nil }
        self.init(publicKey: CurveKey.text(text), secretKey: secretKey)
    }

    private init(publicKey: String, secretKey: Secret) {
        self.publicKey = publicKey
        self.secretKey = secretKey
    }

    /// Makes a new pair.
    ///
    /// Of all pairs it takes one that may stand anywhere: keys begin with a letter or a digit, so that no reader of a
    /// flag or a list takes them for something else, and have no `$`, which shells and compose files replace.
    ///
    /// - Throws: ``BusError`` when libzmq was built without CURVE.
    package static func fresh() throws(BusError) -> CurveKeyPair {
        while true {
            var publicKey = [CChar](repeating: 0, count: CurveKey.length + 1)
            var secretKey = publicKey
            guard unsafe zmq_curve_keypair(&publicKey, &secretKey) == 0 else {
                throw BusError(.noEncryption, "a new pair of keys")
            }
            let texts = [CurveKey.text(publicKey), CurveKey.text(secretKey)]
            guard texts.allSatisfy(isPlain) else { continue }
            return CurveKeyPair(publicKey: texts[0], secretKey: Secret(texts[1]))
        }
    }

    private static func isPlain(_ key: String) -> Bool {
        key.first.map { $0.isLetter || $0.isNumber } == true && !key.contains("$")
    }
}
