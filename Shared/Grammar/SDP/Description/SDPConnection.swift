import Octets

/// Where media are to be sent: `c=IN IP4 233.252.0.1/127/3` (RFC 8866 section 5.7).
public struct SDPConnection: Hashable, Sendable, CustomStringConvertible {
    /// `IN`, unless it is another network than the Internet.
    public var networkType: String
    /// `IP4` or `IP6`.
    public var addressType: String
    public var address: SDPAddress
    /// How far multicast packets of IPv4 may go.
    public var ttl: UInt8?
    /// How many multicast addresses, from ``address`` on.
    public var addressCount: UInt32?

    public init(_ address: SDPAddress, ttl: UInt8? = nil, addressCount: UInt32? = nil) {
        networkType = "IN"
        addressType = address.addressType
        self.address = address
        self.ttl = ttl
        self.addressCount = addressCount
    }

    public var description: String {
        var octets: [UInt8] = []
        write(into: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    /// Reads what stands behind `c=`.
    public init?(parsing text: String) {
        let octets = text.utf8.span
        self.init(octets, 0..<octets.count)
    }

    init?(_ octets: Span<UInt8>, _ range: Range<Int>) {
        var cursor = Cursor(range)
        guard let network = cursor.word(octets), let type = cursor.word(octets),
            let place = cursor.wordRange(octets), cursor.isFinished(octets)
        else { return nil }
        // COMPAT: RFC 8866 writes IN, IP4 and IP6 in capitals; small phones do not.
        networkType = ASCII.uppercased(network)
        addressType = ASCII.uppercased(type)
        guard networkType == "IN" else {
            address = .other(String(repairing: octets.extracting(place)))
            return
        }
        guard addressType == "IP4" || addressType == "IP6" else { return nil }
        var parts = Cursor(place)
        while let octet = parts.peek(octets), octet != UInt8(ascii: "/") { parts.at += 1 }
        address = SDPAddress(octets.extracting(place.lowerBound..<parts.at))
        guard isConsistent, readSuffix(octets, &parts) else { return nil }
    }

    /// An address is of the type that is said; a name may be of either.
    private var isConsistent: Bool {
        switch address {
        case .ipv4: addressType == "IP4"
        case .ipv6: addressType == "IP6"
        case .name: true
        case .other: false
        }
    }

    /// `/ttl`, which IPv4 alone has, and `/number of addresses`.
    private mutating func readSuffix(_ octets: Span<UInt8>, _ cursor: inout Cursor) -> Bool {
        let slash = UInt8(ascii: "/")
        if addressType == "IP4", cursor.take(slash, octets) {
            guard let value = cursor.digits(0...UInt8.max, octets) else { return false }
            ttl = value
        }
        if cursor.take(slash, octets) {
            guard let value = cursor.digits(1...UInt32.max, octets) else { return false }
            addressCount = value
        }
        return cursor.isAtEnd
    }

    func write(into octets: inout [UInt8]) {
        octets.append(word: networkType)
        octets.append(ASCII.space)
        octets.append(word: addressType)
        octets.append(ASCII.space)
        octets.append(word: address.description)
        guard networkType == "IN" else { return }
        if addressType == "IP4", let ttl = ttl ?? (addressCount == nil ? nil : 127) {
            octets.append(UInt8(ascii: "/"))
            octets.append(decimal: ttl)
        }
        if let addressCount {
            octets.append(UInt8(ascii: "/"))
            octets.append(decimal: addressCount)
        }
    }
}
