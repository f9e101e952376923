/// Where a broker is reached: one address takes what is published, its neighbour serves subscribers.
///
/// `tcp://HOST:N` takes at N and serves at N+1; `ipc://PATH` and `inproc://NAME` serve at the same with `.sub` added.
package struct BusEndpoint: Hashable, Sendable, CustomStringConvertible {
    package let publishing: String
    package let subscribing: String
    /// Whether somebody beyond this host could reach it.
    package let isPublic: Bool

    /// Reads an address; nil when it is of none of the three kinds.
    package init?(_ text: String) {
        publishing = text
        if text.hasPrefix("ipc://") || text.hasPrefix("inproc://") {
            guard text.utf8.count > (text.hasPrefix("ipc://") ? 6 : 9) else { return nil }
            subscribing = text + ".sub"
            isPublic = false
            return
        }
        guard text.hasPrefix("tcp://"), let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...]), port > 0, port < .max
        else { return nil }
        let host = text[text.index(text.startIndex, offsetBy: 6)..<colon]
        guard !host.isEmpty else { return nil }
        subscribing = "tcp://\(host):\(port + 1)"
        isPublic = !(host.hasPrefix("127.") || host == "localhost" || host == "[::1]")
    }

    package var description: String { publishing }
}
