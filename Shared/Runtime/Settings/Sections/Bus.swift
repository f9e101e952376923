package import Telemetry

extension Settings {
    /// `bus`: the way between services that are separate processes.
    package struct Bus: Hashable, Sendable {
        package let connect: [BusEndpoint]
        /// Where the broker listens.
        package let listen: BusEndpoint
        package let curve: Curve?

        /// The keys of an encrypted bus (26/CURVEZMQ), each well written; whether they belong together is not known here.
        package struct Curve: Hashable, Sendable {
            /// The brokers' public key.
            package let serverKey: Secret
            /// This process's own pair; the public key follows from the secret one.
            package let publicKey: Secret?
            package let secretKey: Secret
            /// The public keys that a broker admits; none: its own.
            package let clients: [Secret]
        }
    }
}

extension Settings.Bus {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        let first = "tcp://127.0.0.1:5550"
        let connect = try keys.list(
            "bus.connect",
            of: .busEndpoint,
            default: [first],
            "brokers; port N takes what is published, N+1 serves subscribers; 'causeway run' needs none"
        )
        let listen = try keys.optional(
            "bus.listen",
            .busEndpoint,
            otherwise: "the first of bus.connect",
            "where the broker listens"
        )
        guard let listen = listen ?? connect.first else {
            throw SettingsError(
                .missing,
                key: "bus.connect",
                expected: "at least one broker such as \(first)"
            )
        }
        self.connect = connect
        self.listen = listen
        curve = try Curve.read(&keys)
    }
}

extension Settings.Bus.Curve {
    /// The keys, or nil when there are none and the bus is not encrypted.
    fileprivate static func read(_ keys: inout KeyReader) throws(SettingsError) -> Self? {
        let serverKey = try keys.optional(
            "bus.curve.server-key",
            .curveKey,
            otherwise: "no encryption",
            "public key of the brokers, the same for all; a bus that crosses hosts needs it ('causeway keys' makes keys)"
        )
        let publicKey = try keys.optional(
            "bus.curve.public-key",
            .curveKey,
            otherwise: "that of bus.curve.secret-key",
            "public key of this process"
        )
        let secretKey = try keys.optional(
            "bus.curve.secret-key",
            .curveKey,
            "secret key of this process; for a broker the one of bus.curve.server-key"
        )
        let clients = try keys.list(
            "bus.curve.clients",
            of: .curveKey,
            "public keys of the services that a broker admits; none listed: those that have its own pair"
        )
        guard let serverKey else {
            guard publicKey == nil, secretKey == nil, clients.isEmpty else {
                throw missing("bus.curve.server-key", "the brokers' public key, as 'causeway keys' prints it")
            }
            return nil
        }
        guard let secretKey else {
            throw missing("bus.curve.secret-key", "this process's secret key, as 'causeway keys' prints it")
        }
        return Self(serverKey: serverKey, publicKey: publicKey, secretKey: secretKey, clients: clients)
    }

    private static func missing(_ key: String, _ expected: String) -> SettingsError {
        SettingsError(.missing, key: key, expected: expected)
    }
}
