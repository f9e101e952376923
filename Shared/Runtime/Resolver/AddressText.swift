import Glibc

/// Addresses between the four or sixteen octets of a record and their text.
enum AddressText {
    /// Whether the text is an IPv4 or IPv6 address rather than a name.
    static func isAddress(_ text: String) -> Bool {
        var octets = in6_addr()
        return unsafe inet_pton(AF_INET, text, &octets) == 1 || inet_pton(AF_INET6, text, &octets) == 1
    }

    /// The address in an A record (RFC 1035 3.4.1).
    static func ipv4(_ octets: [UInt8]) -> String? {
        guard octets.count == 4 else { return nil }
        return octets.map { String($0) }.joined(separator: ".")
    }

    /// The address in an AAAA record (RFC 3596 2.2), as RFC 5952 writes it.
    static func ipv6(_ octets: [UInt8]) -> String? {
        guard octets.count == 16 else { return nil }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let length = socklen_t(text.count)
        guard unsafe inet_ntop(AF_INET6, octets, &text, length) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The families in turn, beginning with the first, so that a family that leads nowhere costs one attempt and not as
    /// many as it has addresses (RFC 8305 section 4).
    static func interleaved(_ first: [String], _ second: [String]) -> [String] {
        var result: [String] = []
        for index in 0..<max(first.count, second.count) {
            if index < first.count { result.append(first[index]) }
            if index < second.count { result.append(second[index]) }
        }
        return result
    }
}

extension ResolverAnswer<String> {
    /// An address that was given and not asked for: true for ever, and no more trusted than whoever gave it.
    static func literal(_ address: String) -> ResolverAnswer {
        ResolverAnswer([address], isSecure: true, timeToLive: .seconds(3600))
    }
}
