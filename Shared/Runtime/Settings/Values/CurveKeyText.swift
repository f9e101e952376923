/// A CURVE key as ZeroMQ writes it: 32 octets as 40 characters of Z85 (32/Z85).
enum CurveKeyText {
    private static let digits = Array(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8
    )

    /// Whether the text is a key: each five characters are a number to base 85 that four octets can hold.
    static func isKey(_ text: String) -> Bool {
        let characters = Array(text.utf8)
        guard characters.count == 40 else { return false }
        return stride(from: 0, to: 40, by: 5).allSatisfy { start in
            var value = 0
            for character in characters[start..<start + 5] {
                guard let digit = digits.firstIndex(of: character) else { return false }
                value = value * 85 + digit
            }
            return value <= Int(UInt32.max)
        }
    }
}
