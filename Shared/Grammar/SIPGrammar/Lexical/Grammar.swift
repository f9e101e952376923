import Octets

/// The character classes of RFC 3261 section 25.1 and of those RFCs that add to it, and what is done with text that
/// is to be printed but falls outside them.
enum Grammar {
    /// `token`: the names of methods, header fields and parameters.
    static let token = OctetSet.alphanumeric.union(OctetSet("-.!%*_+`'~"))

    /// What a header field's parameter may have as its value without quotes.
    ///
    /// Wider than `gen-value` on purpose: base 64 in tags and branches, and addresses with or without brackets, can be
    /// told from what follows them and are only ever copied back.
    static let value = OctetSet.visible.subtracting(OctetSet("\",;<>\\"))

    /// `user`, escapes included; and `#`, which desk phones dial bare.
    static let user = OctetSet.alphanumeric.union(OctetSet("-_.!~*'()&=+$,;?/#%"))

    /// `password`, escapes included.
    static let password = OctetSet.alphanumeric.union(OctetSet("-_.!~*'()&=+$,%"))

    /// `paramchar`, escapes included; and `=`, with which base 64 ends.
    static let uriParameter = OctetSet.alphanumeric.union(OctetSet("-_.!~*'()[]/:&+$%="))

    /// `paramchar` without the `=` that ends a name.
    static let uriParameterName = uriParameter.subtracting(OctetSet("="))

    /// `hname` and `hvalue` with what joins them.
    static let uriHeaders = OctetSet.alphanumeric.union(OctetSet("-_.!~*'()[]/?:+$%=&"))

    /// What an absolute URI may hold; the delimiters `<`, `>` and `"` never.
    static let absoluteURI = OctetSet.visible.subtracting(OctetSet("<>\""))

    /// `hostname`; and `_`, for names of containers and Windows machines have it.
    static let host = OctetSet.alphanumeric.union(OctetSet("-._"))

    /// A display name without quotes, blanks aside: wider than `token`, for phones leave dots and UTF-8 unquoted.
    static let bareName = OctetSet(0x21...0x7E).union(OctetSet(0x80...0xFF)).subtracting(OctetSet("\",;<>\\"))

    /// Whether every octet of a text is in a set, and there is one.
    static func consists(_ text: String, of set: OctetSet) -> Bool {
        !text.utf8.isEmpty && text.utf8.allSatisfy { set.contains($0) }
    }

    /// A text as a token: itself, or with `-` for each octet that no token may hold.
    static func token(of text: String) -> String {
        guard !consists(text, of: token) else { return text }
        guard !text.isEmpty else { return "-" }
        return String(decoding: text.utf8.map { token.contains($0) ? $0 : UInt8(ascii: "-") }, as: UTF8.self)
    }

    /// Adds a part of a URI, percent-encoding what is outside a set, and a `%` that begins no escape.
    static func write(_ text: String, keeping set: OctetSet, into octets: inout [UInt8]) {
        if text.utf8.allSatisfy({ set.contains($0) && $0 != ASCII.percent }) {
            octets.append(text: text)
        } else {
            encode(text.utf8.span, keeping: set, into: &octets)
        }
    }

    private static func encode(_ text: Span<UInt8>, keeping set: OctetSet, into octets: inout [UInt8]) {
        for index in text.indices {
            if text[index] == ASCII.percent, isEscape(text, at: index) {
                octets.append(ASCII.percent)
            } else {
                let kept = text[index] == ASCII.percent ? OctetSet() : set
                PercentCoding.encode(text.extracting(index..<index + 1), keeping: kept, into: &octets)
            }
        }
    }

    /// Whether a `%` has two hexadecimal digits behind it.
    static func isEscape(_ text: Span<UInt8>, at index: Int) -> Bool {
        index + 2 < text.count && OctetSet.hexadecimal.contains(text[index + 1])
            && OctetSet.hexadecimal.contains(text[index + 2])
    }
}
