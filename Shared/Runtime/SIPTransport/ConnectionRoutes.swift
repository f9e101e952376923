import NIOCore

// Conforms: RFC 5923 (complete for TLS, the one transport that it allows)

/// Which connection leads to a target.
///
/// A request goes over a connection that we opened for the same target. It goes over one that the peer opened
///
/// - by TLS, if the peer asked for that with `alias` and has proven to be the domain that is meant (RFC 5923);
/// - by WebSocket, for there is no other way back (RFC 7118);
/// - by TCP, to the very address and port that the peer's socket has, where nobody else can listen, unless that port is
///   SIP's own. `alias` counts for nothing over TCP: who is there was never proven (RFC 5923 section 9.3).
struct ConnectionRoutes {
    private struct Place: Hashable {
        var transport: TransportProtocol
        var address: SocketAddress
    }

    private struct Alias: Hashable {
        var address: SocketAddress
        var name: String
    }

    /// What leads to a connection, to be forgotten with it.
    private struct Signposts {
        var target: TransportTarget?
        var place: Place?
        var aliases: Set<Alias> = []
    }

    /// Aliases that one connection may have: its names times the ports that its requests say.
    private static let mostAliases = 64

    private var targets: [TransportTarget: ConnectionID] = [:]
    private var places: [Place: ConnectionID] = [:]
    private var aliases: [Alias: ConnectionID] = [:]
    private var signposts: [ConnectionID: Signposts] = [:]

    func connection(to target: TransportTarget) -> ConnectionID? {
        if let id = targets[target] { return id }
        switch target.transport {
        case .udp: return nil
        case .tcp, .ws, .wss:
            return places[Place(transport: target.transport, address: target.address)]
        case .tls:
            guard let name = target.name else { return nil }
            return aliases[Alias(address: target.address, name: Self.key(name))]
        }
    }

    /// We opened a connection.
    mutating func add(_ id: ConnectionID, to target: TransportTarget) {
        targets[target] = id
        signposts[id, default: Signposts()].target = target
    }

    /// A peer opened a connection from an address.
    mutating func add(_ id: ConnectionID, from peer: SocketAddress, _ transport: TransportProtocol) {
        guard transport.isWebSocket || transport == .tcp && peer.port != transport.defaultPort else { return }
        let place = Place(transport: transport, address: peer)
        places[place] = id
        signposts[id, default: Signposts()].place = place
    }

    /// A peer over TLS takes requests for the domains that it has proven to be, where it says it listens.
    mutating func alias(_ id: ConnectionID, at address: SocketAddress, proving domains: [String]) {
        for domain in domains {
            let alias = Alias(address: address, name: domain)
            guard aliases[alias] != id, signposts[id]?.aliases.count ?? 0 < Self.mostAliases else { continue }
            aliases[alias] = id
            signposts[id, default: Signposts()].aliases.insert(alias)
        }
    }

    mutating func remove(_ id: ConnectionID) {
        guard let posts = signposts.removeValue(forKey: id) else { return }
        if let target = posts.target, targets[target] == id { targets[target] = nil }
        if let place = posts.place, places[place] == id { places[place] = nil }
        for alias in posts.aliases where aliases[alias] == id { aliases[alias] = nil }
    }

    private static func key(_ name: String) -> String {
        let name = name.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }
}
