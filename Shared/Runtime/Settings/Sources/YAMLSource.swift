import Yams

/// The configuration file (YAML 1.1), flattened to one list of texts a key.
struct YAMLSource {
    private let name: String
    private let index: KeyIndex
    private var layer: Layer

    /// Reads a whole file; the name is for errors.
    static func read(_ text: String, name: String, _ index: KeyIndex) throws(SettingsError) -> Layer {
        var source = YAMLSource(name: name, index: index)
        if let root = try source.compose(text) {
            guard !isNull(root) else { return source.layer }
            guard let mapping = root.mapping else {
                throw SettingsError(.badValue, expected: "keys with values at the top level", origin: name)
            }
            try source.walk(mapping, under: nil)
        }
        return source.layer
    }

    /// Reads one value that a variable or a flag gives as YAML or JSON: `{a.example: "xmpp://127.0.0.1:5299"}`.
    static func items(
        _ text: String,
        for definition: KeyDefinition,
        origin: String,
        _ index: KeyIndex
    ) throws(SettingsError) -> [String] {
        let source = YAMLSource(name: origin, index: index)
        guard let root = try source.compose(text) else { return [] }
        return try source.items(root, definition)
    }

    private init(name: String, index: KeyIndex) {
        self.name = name
        self.index = index
        layer = Layer(name: name)
    }

    private func compose(_ text: String) throws(SettingsError) -> Node? {
        do {
            return try Parser(yaml: text).singleRoot()
        } catch let error as YamlError {
            throw YAMLFault.settingsError(error, in: name)
        } catch {
            throw SettingsError(.syntax, expected: "YAML", origin: name)
        }
    }

    private mutating func walk(_ mapping: Node.Mapping, under section: String?) throws(SettingsError) {
        for (keyNode, value) in mapping {
            guard let key = keyNode.scalar?.string else {
                throw SettingsError(
                    .badValue,
                    key: section ?? "",
                    expected: "names as keys",
                    origin: place(keyNode)
                )
            }
            let path = section.map { "\($0).\(key)" } ?? key
            if let definition = index.byName[path] {
                if Self.isNull(value) { continue }
                let entry = Layer.Entry(items: try items(value, definition), origin: place(value))
                guard layer.entries.updateValue(entry, forKey: path) == nil else {
                    throw SettingsError(.duplicateKey, key: path, expected: "it once", origin: place(keyNode))
                }
            } else if index.sections.contains(path) {
                if Self.isNull(value) { continue }
                guard let inner = value.mapping else {
                    let shown = value.scalar?.string
                    let expected = "keys with values under it, such as \(example(under: path))"
                    throw SettingsError(
                        .badValue,
                        key: path,
                        value: shown,
                        expected: expected,
                        origin: place(value)
                    )
                }
                try walk(inner, under: path)
            } else {
                let known = index.definitions.map(\.name) + index.sections.sorted()
                throw SettingsError.unknown(path, among: known, origin: place(keyNode))
            }
        }
    }

    private func items(_ node: Node, _ definition: KeyDefinition) throws(SettingsError) -> [String] {
        if Self.isNull(node) { return [] }
        switch definition.shape {
        case .single:
            guard let scalar = node.scalar else { throw wrong(node, definition.name, "one value") }
            return [scalar.string]
        case .list: return try texts(node, definition.name)
        case .map:
            guard let mapping = node.mapping else { return try texts(node, definition.name) }
            return try pairs(mapping, definition.name)
        case .table(let fields):
            guard let mapping = node.mapping else { return try texts(node, definition.name) }
            var items: [String] = []
            for (nameNode, row) in mapping {
                guard let name = nameNode.scalar?.string, let row = row.mapping else {
                    let expected = "domains, each with \(fields.joined(separator: ", "))"
                    throw wrong(row, definition.name, expected)
                }
                items += try pairs(row, "\(definition.name).\(name)").map { "\(name).\($0)" }
            }
            return items
        case .records:
            var items: [String] = []
            let entries = node.sequence.map(Array.init) ?? [node]
            for (number, entry) in entries.enumerated() {
                if let text = entry.scalar?.string {
                    items.append(text)
                } else if let mapping = entry.mapping {
                    items.append(ComponentText.write(try fields(mapping, "\(definition.name)[\(number)]")))
                } else {
                    throw wrong(entry, definition.name, "a list of entries")
                }
            }
            return items
        }
    }

    private func texts(_ node: Node, _ key: String) throws(SettingsError) -> [String] {
        if let scalar = node.scalar { return [scalar.string] }
        var items: [String] = []
        for item in node.sequence.map(Array.init) ?? [] {
            guard let scalar = item.scalar, !Self.isNull(item) else {
                throw wrong(item, key, "a list of values")
            }
            items.append(scalar.string)
        }
        guard node.sequence != nil else { throw wrong(node, key, "a list of values") }
        return items
    }

    private func pairs(_ mapping: Node.Mapping, _ key: String) throws(SettingsError) -> [String] {
        try fields(mapping, key).map { "\($0.name)=\($0.value)" }
    }

    private func fields(
        _ mapping: Node.Mapping,
        _ key: String
    ) throws(SettingsError) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        for (nameNode, value) in mapping where !Self.isNull(value) {
            guard let name = nameNode.scalar?.string, let text = value.scalar?.string ?? Self.list(value)
            else {
                throw wrong(value, key, "names with one value each")
            }
            fields.append((name, text))
        }
        return fields
    }

    /// The plain values of a list, as a field that takes several is written in one text.
    private static func list(_ node: Node) -> String? {
        guard let sequence = node.sequence, !sequence.isEmpty else { return nil }
        let texts = sequence.compactMap { isNull($0) ? nil : $0.scalar?.string }
        return texts.count == sequence.count ? texts.joined(separator: ",") : nil
    }

    /// What stands there is not shown: it may be, or hold, a secret.
    private func wrong(_ node: Node, _ key: String, _ expected: String) -> SettingsError {
        SettingsError(.badValue, key: key, expected: expected, origin: place(node))
    }

    private func place(_ node: Node) -> String {
        node.mark.map { "\(name) line \($0.line)" } ?? name
    }

    private func example(under section: String) -> String {
        index.definitions.first { $0.name.hasPrefix(section + ".") }?.name ?? section
    }

    private static func isNull(_ node: Node) -> Bool {
        node.scalar != nil && node.tag == Tag(.null)
    }
}
