import XMPPGrammar

/// A domain as the DNS and certificates spell it.
public enum ASCIIDomain {
    /// The domain in lower-case A-labels (RFC 5890 section 2.3.2.1); a label that has none stays as it is.
    public static func of(_ domain: String) -> String {
        guard !domain.utf8.allSatisfy({ $0 < 0x80 }) else { return domain.lowercased() }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false).map { label in
            guard !label.utf8.allSatisfy({ $0 < 0x80 }), let code = Punycode.encode(String(label)) else {
                return label.lowercased()
            }
            return "xn--" + code
        }
        return labels.joined(separator: ".")
    }
}
