extension JID {
    /// The domain as DNS and certificates have it: in A-labels (RFC 5890 section 2.3.2.1).
    ///
    ///     bücher.example  ->  xn--bcher-kva.example
    public var asciiDomain: String {
        guard !domain.utf8.allSatisfy({ $0 < 0x80 }) else { return domain }
        return domain.unicodeScalars.split(separator: ".").map { Label.ascii(String($0)) }.joined(
            separator: "."
        )
    }
}
