/// One line of the table of keys.
package struct KeyDefinition: Hashable, Sendable {
    /// What a key's value is made of.
    package enum Shape: Hashable, Sendable {
        case single
        case list
        /// Names with one value each, as in `xmpp.routes`.
        case map
        /// Names with several fields each, as in `tls.domains`.
        case table(fields: [String])
        /// A list of entries with several fields each, as in `xmpp.components`.
        case records(fields: [String])
    }

    /// The name in full: `sip.listen`.
    package let name: String
    package let shape: Shape
    /// What kind of value it takes, in a few words.
    package let type: String
    /// The default as one would write it; where the key may be unset, what happens then, in words.
    package let defaultText: String
    /// Whether the key may be unset.
    package let isOptional: Bool
    /// One line.
    package let meaning: String
    /// Whether this version does anything with it.
    package let hasEffect: Bool
    /// Whether the value may never be shown.
    package let isSecret: Bool

    /// The environment variable: `CAUSEWAY_SIP_LISTEN`.
    package var variable: String {
        EnvironmentSource.prefix + name.uppercased().replacing(".", with: "_").replacing("-", with: "_")
    }

    /// The flag: `--sip-listen`.
    package var flag: String { "--" + name.replacing(".", with: "-") }

    /// Whether it takes several values, so that a comma separates two of them in a variable or a flag.
    var takesSeveral: Bool { shape != .single }
}
