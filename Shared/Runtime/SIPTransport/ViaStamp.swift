import SIPGrammar

/// What the receiver of a request writes into its top Via (RFC 3261 section 18.2.1, RFC 3581 section 4).
enum ViaStamp {
    /// Adds `received` where the sender's own word does not suffice, and the `rport` that was asked for.
    static func stamp(_ headers: inout SIPHeaders, _ via: inout SIPVia, from origin: MessageOrigin) {
        let differs = IPAddress(via.host) != origin.address
        guard differs || via.hasRport || via.received != nil else { return }
        via.received = origin.address.description
        if via.hasRport { via.rport = origin.port }
        replaceTop(of: &headers, by: via.description)
    }

    private static func replaceTop(of headers: inout SIPHeaders, by top: String) {
        guard let line = headers.removeFirst(.via) else { return }
        // Several values in one line: only the first is ours to change.
        if line.utf8.contains(UInt8(ascii: ",")) {
            let single: SIPHeaders = [.via: line]
            let rest = (try? single.list(.via))?.dropFirst() ?? []
            for value in rest.reversed() { headers.prepend(.via, value) }
        }
        headers.prepend(.via, top)
    }
}

extension SIPHost {
    init(_ address: IPAddress) {
        let text = address.description
        self = address.isIPv4 ? .ipv4(text) : .ipv6(text)
    }
}

extension IPAddress {
    /// The address that a host is; nil for a name.
    init?(_ host: SIPHost) {
        switch host {
        case .name: return nil
        case .ipv4(let text): self.init(dotted: text.utf8)
        case .ipv6(let text): self.init(text)
        }
    }

    /// Four decimal numbers that are known to be an address.
    private init?(dotted text: String.UTF8View) {
        var (word, number): (UInt32, UInt32) = (0, 0)
        for octet in text {
            if octet == UInt8(ascii: ".") {
                word = word << 8 | number
                number = 0
            } else {
                number = number * 10 + UInt32(octet &- 48) & 0xff
            }
        }
        self.init(ipv4: word << 8 | number)
    }
}
