/// The value of a variable or a flag.
enum ValueText {
    /// The texts in it: separated by commas where the key takes several, as YAML or JSON where entries have fields.
    static func items(
        _ text: String,
        for definition: KeyDefinition,
        origin: String,
        _ index: KeyIndex
    ) throws(SettingsError) -> [String] {
        switch definition.shape {
        case .single: return [text]
        case .list: return separated(text)
        case .map, .table, .records:
            let isStructured = text.first { !$0.isWhitespace }.map { $0 == "{" || $0 == "[" } ?? false
            return isStructured
                ? try YAMLSource.items(text, for: definition, origin: origin, index) : separated(text)
        }
    }

    private static func separated(_ text: String) -> [String] {
        text.split(separator: ",").map { item in
            var item = item
            while item.first?.isWhitespace == true { item.removeFirst() }
            while item.last?.isWhitespace == true { item.removeLast() }
            return String(item)
        }
    }
}
