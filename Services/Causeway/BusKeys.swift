import MessageBus
import Settings
import Telemetry

/// The keys of an encrypted bus, as the settings have them.
enum BusKeys {
    /// What a service takes of them; nil when the bus is not encrypted.
    static func client(_ curve: Settings.Bus.Curve?) throws(SettingsError) -> CurveClient? {
        guard let curve else { return nil }
        return CurveClient(serverKey: curve.serverKey.revealed, pair: try pair(curve))
    }

    /// What a broker takes of them; nil when the bus is not encrypted.
    static func server(_ curve: Settings.Bus.Curve?) throws(SettingsError) -> CurveServer? {
        guard let curve else { return nil }
        let pair = try pair(curve)
        guard pair.publicKey == curve.serverKey.revealed else {
            throw SettingsError(
                .conflict,
                key: "bus.curve.secret-key",
                expected: "for a broker, the secret key that belongs to bus.curve.server-key"
            )
        }
        return CurveServer(pair: pair, clients: Set(curve.clients.map(\.revealed)))
    }

    /// Says what is wrong with keys that each are well written.
    static func check(_ curve: Settings.Bus.Curve?) throws(SettingsError) {
        if let curve { _ = try pair(curve) }
    }

    private static func pair(_ curve: Settings.Bus.Curve) throws(SettingsError) -> CurveKeyPair {
        guard let pair = CurveKeyPair(secretKey: curve.secretKey) else {
            throw SettingsError(
                .badValue,
                key: "bus.curve.secret-key",
                expected: "a key that 'causeway keys' made, and a libzmq with CURVE"
            )
        }
        guard curve.publicKey == nil || curve.publicKey?.revealed == pair.publicKey else {
            throw SettingsError(
                .conflict,
                key: "bus.curve.public-key",
                expected: "the public key of bus.curve.secret-key, or nothing: it follows"
            )
        }
        return pair
    }
}
