internal import Octets

/// The domain of an address (RFC 7622 section 3.2): a name in lower case and U-labels, or an IP address.
enum DomainPart {
    static func enforce(_ text: String) throws(JIDError) -> String {
        let domain = text.utf8.last == UInt8(ascii: ".") ? String(Substring(text.utf8.dropLast())) : text
        guard !domain.isEmpty else { throw JIDError(.domain, .empty) }
        guard domain.utf8.count <= PartLength.worthMapping else { throw JIDError(.domain, .tooLong) }
        let enforced: String
        if domain.utf8.first == UInt8(ascii: "[") {
            enforced = try literal(domain)
        } else {
            enforced = try name(domain)
        }
        guard enforced.utf8.count <= PartLength.maximum else { throw JIDError(.domain, .tooLong) }
        return enforced
    }

    /// What no label has in ASCII.
    ///
    /// `_` RFC 7622 does not ask for, but names of hosts in private networks have it.
    private static let forbidden = OctetSet(0x00...0x7F).subtracting(.alphanumeric.union(OctetSet("-._")))

    private static func name(_ domain: String) throws(JIDError) -> String {
        var name = domain
        switch ASCIIVerdict(domain.utf8.span, forbidden: forbidden) {
        case .forbidden: throw JIDError(.domain, .forbiddenCodePoint)
        case .asItIs: break
        case .hasUpperCase: name = domain.lowercased()
        case .notASCII: name = try mapped(domain)
        }
        guard try checkLabels(name) else { return try converted(name) }
        return name
    }

    /// Checks the labels; false when one of them is an A-label or a U-label.
    private static func checkLabels(_ name: String) throws(JIDError) -> Bool {
        let octets = name.utf8.span
        var isPlain = true
        var start = 0
        for index in 0...octets.count {
            if index < octets.count, octets[index] >= 0x80 { isPlain = false }
            guard index == octets.count || octets[index] == UInt8(ascii: ".") else { continue }
            guard index > start, octets[start] != UInt8(ascii: "-"), octets[index - 1] != UInt8(ascii: "-")
            else {
                throw JIDError(.domain, .badLabel)
            }
            if isPrefixed(octets, start..<index) { isPlain = false }
            // RFC 1034 section 3.1; a U-label is measured as the A-label that it stands for.
            guard !isPlain || index - start <= Label.maximum else { throw JIDError(.domain, .badLabel) }
            start = index + 1
        }
        return isPlain
    }

    private static func isPrefixed(_ octets: Span<UInt8>, _ label: Range<Int>) -> Bool {
        label.count >= 4 && octets[label.lowerBound] == UInt8(ascii: "x")
            && octets[label.lowerBound + 1] == UInt8(ascii: "n")
            && octets[label.lowerBound + 2] == UInt8(ascii: "-")
            && octets[label.lowerBound + 3] == UInt8(ascii: "-")
    }

    /// The mappings of RFC 5895 section 2: lower case, width, normalization, and the full stops of East Asia.
    private static func mapped(_ domain: String) throws(JIDError) -> String {
        var scalars: [Unicode.Scalar] = []
        for scalar in domain.unicodeScalars {
            let narrow = Mapping.width(scalar)
            if narrow == "\u{3002}" { scalars.append(".") } else { scalars += Mapping.lowercase(narrow) }
        }
        var name = String.UnicodeScalarView()
        for scalar in Mapping.normalize(scalars) {
            guard scalar.value >= 0x80 || !forbidden.contains(UInt8(scalar.value)) else {
                throw JIDError(.domain, .forbiddenCodePoint)
            }
            name.append(scalar)
        }
        return String(name)
    }

    /// Every label checked, and every A-label as the U-label that it stands for (RFC 7622 section 3.2.1).
    private static func converted(_ name: String) throws(JIDError) -> String {
        var result = ""
        // As code points: a full stop and a mark after it are one Character.
        for label in name.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false) {
            if !result.isEmpty { result += "." }
            result += try Label.unicode(String(label))
        }
        return result
    }

    /// An IPv6 address in brackets, with or without a zone (RFC 6874 section 2).
    private static func literal(_ text: String) throws(JIDError) -> String {
        let octets = Array(text.utf8)
        guard octets.last == UInt8(ascii: "]") else { throw JIDError(.domain, .badIPLiteral) }
        let inside = octets[1..<(octets.count - 1)]
        let percent = inside.firstIndex(of: UInt8(ascii: "%"))
        guard IPv6.isAddress(inside[..<(percent ?? inside.endIndex)]),
            percent.map({ isZone(inside[$0...]) }) ?? true
        else { throw JIDError(.domain, .badIPLiteral) }
        return text.lowercased()
    }

    /// `%25` and a ZoneID of unreserved characters; a bare `%` as people write it.
    private static func isZone(_ zone: ArraySlice<UInt8>) -> Bool {
        let id = zone.starts(with: "%25".utf8) ? zone.dropFirst(3) : zone.dropFirst()
        return !id.isEmpty
            && id.allSatisfy { $0 == UInt8(ascii: "~") || !forbidden.contains($0) && $0 < 0x80 }
    }
}
