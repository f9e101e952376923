import Crypto
import Octets

/// The Call-IDs that threads become.
enum CallIdentifier {
    private static let longest = 128
    /// The octets of `word` besides letters and digits (RFC 3261 section 25.1).
    private static let marks = Set("-.!%*_+`'~()<>:\\\"/[]?{}".utf8)

    /// A thread as a Call-ID: itself where the grammar allows, else a name made from its hash (MAPPING 4.6).
    static func from(thread: String) -> String {
        isCallID(thread) ? thread : hashed(thread)
    }

    static func hashed(_ text: String) -> String {
        "t.\(Base32.encode(Array(SHA256.hash(data: Array(text.utf8)))))"
    }

    /// Whether the text is `word ["@" word]` and not too long.
    private static func isCallID(_ text: String) -> Bool {
        guard text.utf8.count <= longest else { return false }
        let words = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        return words.count <= 2 && words.allSatisfy { !$0.isEmpty && $0.allSatisfy(isWord) }
    }

    private static func isWord(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: marks.contains(octet)
        }
    }
}
