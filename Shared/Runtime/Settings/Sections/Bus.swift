package import Telemetry

extension Settings {
    /// `bus`: the way between services that are separate processes.
    package struct Bus: Hashable, Sendable {
        package let connect: [BusEndpoint]
        /// Where the broker listens.
        package let listen: BusEndpoint
        package let curve: Curve?

        /// CURVE keys (RFC 26/CURVEZMQ).
        package struct Curve: Hashable, Sendable {
            /// The broker's public key.
            package let serverKey: Secret
            /// This process's own pair; a service without one makes one up.
            package let publicKey: Secret?
            package let secretKey: Secret?
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
        let serverKey = try keys.optional(
            "bus.curve.server-key",
            .curveKey,
            otherwise: "no encryption",
            "public key of the broker; needed where the bus crosses hosts",
            .later
        )
        let publicKey = try keys.optional(
            "bus.curve.public-key",
            .curveKey,
            "public key of this process; the broker's is bus.curve.server-key",
            .later
        )
        let secretKey = try keys.optional(
            "bus.curve.secret-key",
            .curveKey,
            "secret key of this process; the broker needs its own",
            .later
        )
        if serverKey == nil, publicKey != nil || secretKey != nil {
            throw SettingsError(.missing, key: "bus.curve.server-key", expected: "the broker's public key")
        }
        curve = serverKey.map { Curve(serverKey: $0, publicKey: publicKey, secretKey: secretKey) }
    }
}
