import SIPGrammar

extension Law {
    /// A name with an address, and a Via value: what parses prints, and parses to the same.
    static let sipAddress = Law(name: "sip-address") { octets in
        let text = String(decoding: octets, as: UTF8.self)
        if let address = SIPNameAddress(text), let broken = SIPAddressLaw.broken(address) { return broken }
        let headers: SIPHeaders = [.via: text, .contact: text]
        for via in (try? headers.vias()) ?? [] {
            if let broken = SIPAddressLaw.broken(via) { return broken }
        }
        for contact in (try? headers.contacts()) ?? [] {
            if let broken = SIPAddressLaw.broken(contact) { return broken }
        }
        return nil
    }
}

enum SIPAddressLaw {
    static func broken(_ address: SIPNameAddress) -> String? {
        let printed = address.description
        let again = SIPNameAddress(printed)
        if let broken = difference("address", address, printed: printed, again: again) { return broken }
        guard address.uri.isEquivalent(to: address.uri) else {
            return "URI: not equivalent to itself: \(printed)"
        }
        var tagged = address
        tagged.tag = "t"
        return SIPNameAddress(tagged.description)?.tag == "t" ? nil : "address: takes no tag: \(printed)"
    }

    static func broken(_ via: SIPVia) -> String? {
        let printed = via.description
        let headers: SIPHeaders = [.via: printed]
        if let broken = difference("Via", via, printed: printed, again: try? headers.topVia()) {
            return broken
        }
        _ = via.received
        _ = via.maddr
        _ = via.rport
        return nil
    }
}
