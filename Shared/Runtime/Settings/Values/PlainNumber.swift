/// Whole numbers as configuration writes them: digits, perhaps grouped with `_`.
enum PlainNumber {
    static func read(_ text: some StringProtocol) -> Int? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: "_") }
        let isNumber = !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, text.utf8.first != UInt8(ascii: "_") else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
