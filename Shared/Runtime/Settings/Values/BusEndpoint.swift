/// Where the broker is: `tcp://127.0.0.1:5550`, `ipc:///run/causeway/bus`.
package enum BusEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// The port takes what is published; the next one serves subscribers.
    case tcp(host: String, port: Int)
    /// A file name to which `.in` and `.out` are added.
    case ipc(path: String)

    package init?(_ text: String) {
        if text.hasPrefix("ipc://") {
            let path = String(text.dropFirst("ipc://".count))
            // A socket's name is at most 107 octets, with its ending (unix(7)).
            guard !path.isEmpty, path.utf8.count <= 100 else { return nil }
            self = .ipc(path: path)
            return
        }
        guard text.hasPrefix("tcp://") else { return nil }
        guard let place = HostPort(String(text.dropFirst("tcp://".count))), (1..<65_535).contains(place.port)
        else {
            return nil
        }
        self = .tcp(host: place.host, port: place.port)
    }

    package var description: String {
        switch self {
        case .tcp(let host, let port): "tcp://\(HostPort(host: host, port: port))"
        case .ipc(let path): "ipc://\(path)"
        }
    }
}
