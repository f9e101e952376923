/// Which addresses a link or a picture may have.
enum LinkTarget {
    private static let links: Set<String> = ["http", "https", "mailto", "xmpp", "sip", "tel"]
    private static let web: Set<String> = ["http", "https"]
    /// Longer addresses are no use to anybody and dropped.
    private static let longest = 2048

    /// The address as it may be written into a link; nil when its scheme is none that is harmless.
    static func link(_ text: String) -> String? {
        checked(text, links)
    }

    /// The address as it may be written as that of a picture.
    static func picture(_ text: String) -> String? {
        checked(text, web)
    }

    static func isWeb(_ text: String) -> Bool {
        checked(text, web) != nil
    }

    /// Browsers pass over white space and controls before a scheme and within it, so these are removed before the look.
    private static func checked(_ text: String, _ schemes: Set<String>) -> String? {
        guard text.utf8.count <= longest else { return nil }
        var address = ""
        for scalar in text.unicodeScalars where scalar.value > 0x20 && !(0x7F...0xA0).contains(scalar.value) {
            address.unicodeScalars.append(scalar)
        }
        guard let colon = address.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = address[..<colon].lowercased()
        let isEmpty = address.utf8.index(after: colon) == address.utf8.endIndex
        return schemes.contains(scheme) && !isEmpty ? address : nil
    }
}
