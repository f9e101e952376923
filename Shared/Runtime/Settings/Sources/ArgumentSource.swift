/// Flags: `--sip-listen udp://0.0.0.0:5060`, `--sip.listen=…`; repeated, or with commas, where several are meant.
struct ArgumentSource {
    var layer = Layer(name: "flags")
    /// The file that `--config` names.
    var file: String?

    static func read(_ arguments: [String], _ index: KeyIndex) throws(SettingsError) -> ArgumentSource {
        var source = ArgumentSource()
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else {
                throw SettingsError(
                    .unknownKey,
                    key: argument,
                    expected: "flags such as --sip-listen ADDRESS"
                )
            }
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let flag = parts[0].lowercased().replacing(".", with: "-")
            let given = parts.count == 2 ? String(parts[1]) : nil
            guard flag == "--config" || index.byFlag[flag] != nil else {
                throw SettingsError.unknown(String(parts[0]), among: index.byFlag.keys.sorted(), origin: nil)
            }
            guard let text = given ?? rest.popFirst() else {
                throw SettingsError(.missing, key: flag, expected: "a value after it")
            }
            if let definition = index.byFlag[flag] {
                try source.add(text, for: definition, flag, index)
            } else {
                source.file = text
            }
        }
        return source
    }

    private mutating func add(
        _ text: String,
        for definition: KeyDefinition,
        _ flag: String,
        _ index: KeyIndex
    ) throws(SettingsError) {
        let items = try ValueText.items(text, for: definition, origin: flag, index)
        if definition.takesSeveral {
            layer.entries[definition.name, default: Layer.Entry(items: [], origin: flag)].items += items
        } else {
            let entry = Layer.Entry(items: items, origin: flag)
            guard layer.entries.updateValue(entry, forKey: definition.name) == nil else {
                throw SettingsError(.duplicateKey, key: definition.name, expected: "it once", origin: flag)
            }
        }
    }
}
