/// Language tags as both sides have them (RFC 5646).
enum LanguageTag {
    private static let longest = 35

    /// The tag, if it is made like one.
    static func checked(_ tag: String) -> String? {
        let isTag = tag.utf8.allSatisfy { octet in
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return isTag && !tag.isEmpty && tag.utf8.count <= longest ? tag : nil
    }
}
