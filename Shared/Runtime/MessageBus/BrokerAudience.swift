/// What is asked for at one broker, as far as its publishers are told: the prefixes of topics.
///
/// A publisher with several brokers publishes where somebody listens. That is more than whether the broker is there:
/// one that has just returned is of no use before its subscribers have returned to it.
struct BrokerAudience {
    /// More prefixes than any site has; whoever asks for more is heard everywhere.
    private static let most = 65_536
    private static let mostKnown = 4_096

    private var prefixes: Set<[UInt8]> = []
    private var isOverfull = false
    /// Which topics were found to have listeners, until a prefix comes or goes.
    private var known: [[UInt8]: Bool] = [:]

    /// Takes a message of an XPUB socket: 1 and a prefix to listen, 0 and a prefix to listen no more (zmq_socket(3)).
    mutating func note(_ message: [UInt8]) {
        guard let first = message.first else { return }
        known.removeAll(keepingCapacity: true)
        let prefix = Array(message.dropFirst())
        if first == 0 {
            prefixes.remove(prefix)
            if prefixes.isEmpty { isOverfull = false }
        } else if prefixes.count < Self.most {
            prefixes.insert(prefix)
        } else {
            isOverfull = true
        }
    }

    /// Whether somebody listens to a topic.
    mutating func listens(to topic: [UInt8]) -> Bool {
        if isOverfull { return true }
        if let known = known[topic] { return known }
        let isHeard = (0...topic.count).contains { prefixes.contains(Array(topic.prefix($0))) }
        if known.count >= Self.mostKnown { known.removeAll(keepingCapacity: true) }
        known[topic] = isHeard
        return isHeard
    }
}
