import Octets

/// The character classes of RFC 8866 section 9 and of those RFCs that add attributes.
enum SDPGrammar {
    /// `token`: names of media, transports and attributes.
    static let token = OctetSet.alphanumeric.union(OctetSet("!#$%&'*+-.^_`{|}~"))

    /// `proto`: tokens with `/` between them.
    static let proto = token.union(OctetSet("/"))

    /// RFC 8839 section 5.1 `ice-char`.
    static let ice = OctetSet.alphanumeric.union(OctetSet("+/"))

    /// A word: what blanks end.
    static let word = OctetSet(0x21...0x7E).union(OctetSet(0x80...0xFF))

    /// What a `name=value` pair has before its `=`, and a list before its next `;`.
    static let parameterName = word.subtracting(OctetSet("=;"))
    static let parameterValue = OctetSet(0x20...0x7E).union(OctetSet(0x80...0xFF)).subtracting(OctetSet(";"))

    /// `FQDN`; and `_`, for names of containers have it.
    static let host = OctetSet.alphanumeric.union(OctetSet("-._"))

    /// Whether every octet of a text is in a set, and there is one.
    static func consists(_ text: String, of set: OctetSet) -> Bool {
        !text.utf8.isEmpty && text.utf8.allSatisfy { set.contains($0) }
    }
}
