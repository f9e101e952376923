import Settings
import TransportSecurity

/// The certificates of both edges: the same files, and each protocol's own word in the handshake (XEP-0368).
struct Certificates: Sendable {
    let sip: TLSKeeper
    let xmpp: TLSKeeper

    init(_ settings: Settings) throws {
        sip = try TLSKeeper(TLSSources(settings))
        xmpp = try TLSKeeper(TLSSources(settings), protocols: ["xmpp-server"])
    }

    /// Reads the files again, by new settings; what cannot be used changes nothing.
    func reload(_ settings: Settings) throws {
        try sip.reload(TLSSources(settings))
        try xmpp.reload(TLSSources(settings))
    }

    /// Looks at the files again and again, until the task is cancelled.
    func watch(every interval: Duration, told: @escaping @Sendable (Result<Void, TLSFileError>) -> Void) async
    {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await sip.watch(every: interval, told: told) }
            // Whoever is told of a change once need not be told of it again.
            group.addTask { await xmpp.watch(every: interval) { _ in } }
        }
    }
}
