import SIPGrammar

extension Law {
    /// A URI: what parses prints, parses to the same, and is equivalent to itself.
    static let sipURI = Law(name: "sip-uri") { octets in
        let text = String(decoding: octets, as: UTF8.self)
        if let host = SIPHost(text) {
            let printed = host.description
            if let broken = difference("host", host, printed: printed, again: SIPHost(printed)) {
                return broken
            }
        }
        guard let uri = SIPRequestURI(text) else { return nil }
        let printed = uri.description
        if let broken = difference("URI", uri, printed: printed, again: SIPRequestURI(printed)) {
            return broken
        }
        return uri.isEquivalent(to: uri) ? nil : "URI: not equivalent to itself: \(printed)"
    }
}
