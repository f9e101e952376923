/// What a broker needs to encrypt: its own pair, and whom it lets in.
package struct CurveServer: Hashable, Sendable {
    package let pair: CurveKeyPair
    /// The public keys of the services that may use the bus.
    package let clients: Set<String>

    /// Without `clients` only holders of the broker's own pair are let in: one pair serves a whole site.
    package init(pair: CurveKeyPair, clients: Set<String> = []) {
        self.pair = pair
        self.clients = clients.isEmpty ? [pair.publicKey] : clients
    }
}
