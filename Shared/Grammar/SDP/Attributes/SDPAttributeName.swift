import Octets

/// The name of an attribute. Names are the same if they differ in nothing but letter case.
// COMPAT: RFC 8866 section 5.13 tells cases apart; no two registered names differ in it alone, and peers err in it.
public struct SDPAttributeName: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The name in the spelling that came.
    public let text: String

    /// A name; what no `token` may hold becomes `-`.
    public init(_ text: String) {
        if SDPGrammar.consists(text, of: SDPGrammar.token) {
            self.text = text
        } else {
            let octets = text.utf8.map { SDPGrammar.token.contains($0) ? $0 : UInt8(ascii: "-") }
            self.text = octets.isEmpty ? "-" : String(decoding: octets, as: UTF8.self)
        }
    }

    public init(stringLiteral text: StaticString) {
        self.init(text.description)
    }

    /// A name whose octets were checked.
    init(parsed text: String) {
        self.text = text
    }

    public var description: String { text }

    public static func == (left: SDPAttributeName, right: SDPAttributeName) -> Bool {
        ASCII.equalIgnoringCase(left.text, right.text)
    }

    public func hash(into hasher: inout Hasher) {
        ASCII.hashIgnoringCase(text, into: &hasher)
    }
}
