/// What a service needs to encrypt: the brokers' public key, and its own pair.
package struct CurveClient: Hashable, Sendable {
    package let serverKey: String
    package let pair: CurveKeyPair

    package init(serverKey: String, pair: CurveKeyPair) {
        self.serverKey = serverKey
        self.pair = pair
    }
}
