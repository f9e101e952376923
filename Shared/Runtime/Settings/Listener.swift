/// One socket that is going to be bound.
struct Listener {
    let key: String
    let text: String
    private let isDatagram: Bool
    private let host: String
    private let port: Int

    init(_ key: String, _ address: ListenAddress) {
        self.key = key
        text = address.description
        isDatagram = address.scheme.isDatagram
        host = address.host
        port = address.port
    }

    init(_ key: String, _ address: HostPort) {
        self.key = key
        text = address.description
        isDatagram = false
        host = address.host
        port = address.port
    }

    /// Whether the system would refuse the second: the same port, and the same or every address of the family.
    ///
    /// Port 0 is a different port each time.
    func collides(with other: Listener) -> Bool {
        guard port == other.port, port != 0, isDatagram == other.isDatagram else { return false }
        guard host != other.host else { return true }
        guard let mine = IPAddress(host), let theirs = IPAddress(other.host) else { return false }
        return mine.isIPv4 == theirs.isIPv4 && (mine.isUnspecified || theirs.isUnspecified)
    }
}
