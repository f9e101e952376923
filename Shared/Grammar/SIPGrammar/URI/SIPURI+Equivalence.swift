import Octets

extension SIPURI {
    /// Whether two URIs are the same by RFC 3261 section 19.1.4, which is not transitive.
    public func isEquivalent(to other: SIPURI) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
            && Self.areEquivalent(user, other.user) && Self.areEquivalent(password, other.password)
            && parametersAreEquivalent(to: other) && headersAreEquivalent(to: other)
    }

    /// Parameters that, standing in one URI alone, make it another.
    private static let telling = ["user", "ttl", "method", "maddr", "transport"]

    private func parametersAreEquivalent(to other: SIPURI) -> Bool {
        for name in Self.telling where parameters.contains(name) != other.parameters.contains(name) {
            return false
        }
        let values = other.valuesByName
        for (name, value) in valuesByName {
            guard let counterpart = values[name] else { continue }
            guard value == counterpart else { return false }
        }
        return true
    }

    private var valuesByName: [[UInt16]: [UInt16]] {
        var values: [[UInt16]: [UInt16]] = [:]
        for element in parameters.elements {
            let name = Self.canonical(element.name, foldingCase: true)
            guard values[name] == nil else { continue }
            values[name] = Self.canonical(element.value ?? "", foldingCase: true)
        }
        return values
    }

    private func headersAreEquivalent(to other: SIPURI) -> Bool {
        canonicalHeaders == other.canonicalHeaders
    }

    private var canonicalHeaders: [[UInt16]] {
        let parts = (headers ?? "").split(separator: "&")
        return parts.map { Self.canonical(String($0), foldingCase: true) }.sorted {
            $0.lexicographicallyPrecedes($1)
        }
    }

    private static func areEquivalent(_ left: String?, _ right: String?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return canonical(left, foldingCase: false) == canonical(right, foldingCase: false)
    }

    /// RFC 2396 `reserved`: for these alone the escaped octet is not the octet.
    private static let reserved = OctetSet(";/?:@&=+$,")

    /// The octets that a text means; an escaped reserved one is marked, for it is not the same as the bare one.
    private static func canonical(_ text: String, foldingCase: Bool) -> [UInt16] {
        let octets = text.utf8.span
        var result: [UInt16] = []
        result.reserveCapacity(octets.count)
        var index = 0
        while index < octets.count {
            var octet = octets[index]
            var mark: UInt16 = 0
            if octet == ASCII.percent, index + 2 < octets.count,
                let high = ASCII.hexadecimalValue(octets[index + 1]),
                let low = ASCII.hexadecimalValue(octets[index + 2])
            {
                octet = high << 4 | low
                mark = reserved.contains(octet) ? 0x100 : 0
                index += 2
            }
            result.append(UInt16(foldingCase ? ASCII.lowercased(octet) : octet) | mark)
            index += 1
        }
        return result
    }
}
