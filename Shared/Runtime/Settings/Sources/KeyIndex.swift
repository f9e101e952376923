/// The declared keys, by name, variable and flag, and what an unknown one may have meant.
struct KeyIndex: Sendable {
    let definitions: [KeyDefinition]
    let byName: [String: KeyDefinition]
    let byVariable: [String: KeyDefinition]
    let byFlag: [String: KeyDefinition]
    /// The names that only hold others: `sip`, `media.msrp`.
    let sections: Set<String>

    init(_ definitions: [KeyDefinition]) {
        self.definitions = definitions
        byName = Dictionary(definitions.map { ($0.name, $0) }) { first, _ in first }
        byVariable = Dictionary(definitions.map { ($0.variable, $0) }) { first, _ in first }
        byFlag = Dictionary(definitions.map { ($0.flag, $0) }) { first, _ in first }
        var sections: Set<String> = []
        for definition in definitions {
            var name = definition.name[...]
            while let dot = name.lastIndex(of: ".") {
                name = name[..<dot]
                sections.insert(String(name))
            }
        }
        self.sections = sections
    }
}

extension SettingsError {
    /// An unknown key, with the known one that is most like it.
    static func unknown(_ name: String, among known: some Sequence<String>, origin: String?) -> SettingsError
    {
        let hint = NearestName.of(name, among: known).map { " (did you mean \($0)?)" } ?? ""
        return SettingsError(
            .unknownKey,
            key: name,
            expected: "one of the keys that 'causeway check --explain' lists\(hint)",
            origin: origin
        )
    }
}
