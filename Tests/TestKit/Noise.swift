/// Octets and texts that no grammar was made for.
public enum Noise {
    /// A short text, much of it of octets that grammars give a meaning.
    public static func text(_ random: inout SplitMix64) -> String {
        let octets = Array("ab1 \t\"\\<>@:;,=?&%()[]\r\n\0\u{7F}é€/*".utf8)
        let picked = (0..<Int.random(in: 1...12, using: &random)).compactMap { _ in
            octets.randomElement(using: &random)
        }
        return String(decoding: picked, as: UTF8.self)
    }

    /// Changes something: an octet replaced, put in or left out, a piece left out or said twice.
    ///
    /// `special`: the octets that a grammar gives a meaning.
    public static func mutate(_ octets: inout [UInt8], special: String, using random: inout SplitMix64) {
        guard !octets.isEmpty else { return }
        let index = Int.random(in: 0..<octets.count, using: &random)
        let special = Array(special.utf8)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: octets[index] = UInt8.random(in: 0...255, using: &random)
        case 1: octets[index] = special[Int.random(in: 0..<special.count, using: &random)]
        case 2: octets.insert(special[Int.random(in: 0..<special.count, using: &random)], at: index)
        case 3: octets.remove(at: index)
        case 4:
            octets.removeSubrange(index..<min(octets.count, index + Int.random(in: 1...30, using: &random)))
        default:
            let end = min(octets.count, index + Int.random(in: 1...60, using: &random))
            octets.insert(
                contentsOf: octets[index..<end],
                at: Int.random(in: 0...octets.count, using: &random)
            )
        }
    }
}
