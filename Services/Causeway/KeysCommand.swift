import ArgumentParser
import MessageBus
import Telemetry

/// Makes keys for an encrypted bus and prints where they belong; they are stored nowhere.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make new keys for a bus that crosses hosts, and print where they belong."
    )

    func run() throws {
        let (server, client) = (try CurveKeyPair.fresh(), try CurveKeyPair.fresh())
        print(
            """
            # New keys for the bus, printed once and stored nowhere. Whoever has a secret key can read and write on the
            # bus: only the user that runs causeway may read the files that hold them.

            # For the brokers ('causeway bus'), the same for all of them:
            bus:
              curve:
                server-key: "\(server.publicKey)"
                secret-key: "\(server.secretKey.revealed)"
                clients: ["\(client.publicKey)"]

            # For every other service; a service with a pair of its own needs it listed in clients above:
            bus:
              curve:
                server-key: "\(server.publicKey)"
                public-key: "\(client.publicKey)"
                secret-key: "\(client.secretKey.revealed)"

            # Where brokers and services share one file: the first block without its line of clients does for all.
            """
        )
    }
}
