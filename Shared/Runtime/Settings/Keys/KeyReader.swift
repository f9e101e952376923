import Telemetry

/// Reads the keys one after the other, and writes the table of keys while it does.
///
/// Every key is declared where it is read, with its form, default and meaning, so the table, the reference and the
/// checks cannot disagree. Without layers the reader only declares: everything has its default.
struct KeyReader {
    /// Whether a key does anything in this version.
    enum Effect {
        case now
        /// Read and checked, so that a configuration written for the next version is right already.
        case later
    }

    private(set) var definitions: [KeyDefinition] = []
    private let layers: Layers

    init(_ layers: Layers) {
        self.layers = layers
    }

    /// The keys that any source mentions.
    var keysSet: Set<String> { layers.keys }

    /// One value, which always is there.
    mutating func value<Value>(
        _ key: String,
        _ form: ValueForm<Value>,
        default defaultText: String,
        _ meaning: String,
        _ effect: Effect = .now
    ) throws(SettingsError) -> Value {
        declare(key, .single, form, defaultText, meaning, effect)
        return try one(key, form, layers.items(key, isSecret: form.isSecret) ?? [defaultText])
    }

    /// One value, or none: nothing written, `null`, or an empty variable.
    mutating func optional<Value>(
        _ key: String,
        _ form: ValueForm<Value>,
        otherwise: String = "none",
        _ meaning: String,
        _ effect: Effect = .now
    ) throws(SettingsError) -> Value? {
        declare(key, .single, form, otherwise, meaning, effect, isOptional: true)
        guard let items = layers.items(key, isSecret: form.isSecret), !items.isEmpty, items != [""] else {
            return nil
        }
        return try one(key, form, items)
    }

    /// Any number of values.
    mutating func list<Value>(
        _ key: String,
        of form: ValueForm<Value>,
        default defaults: [String] = [],
        _ meaning: String,
        _ effect: Effect = .now
    ) throws(SettingsError) -> [Value] {
        declare(key, .list, form, "[" + defaults.joined(separator: ", ") + "]", meaning, effect)
        var values: [Value] = []
        for item in layers.items(key, isSecret: form.isSecret) ?? defaults where !item.isEmpty {
            values.append(try read(item, form, key))
        }
        return values
    }

    /// Domains with one value each; where suffixes are taken, `*.example` stands for the domains below `example`.
    mutating func map<Value>(
        _ key: String,
        of form: ValueForm<Value>,
        _ meaning: String,
        _ effect: Effect = .now,
        takesSuffixes: Bool = false
    ) throws(SettingsError) -> [String: Value] {
        declare(key, .map, form, "{}", meaning, effect)
        var values: [String: Value] = [:]
        for item in layers.items(key, isSecret: form.isSecret) ?? [] where !item.isEmpty {
            guard let (name, text) = Pairs.split(item), let domain = Self.domain(name, takesSuffixes) else {
                throw bad(key, item, "DOMAIN=VALUE with \(form.expected)")
            }
            let value = try read(text, form, "\(key).\(domain)", declared: key)
            guard values.updateValue(value, forKey: domain) == nil else {
                throw twice("\(key).\(domain)", key)
            }
        }
        return values
    }

    /// Domains with several fields each, still as texts; see ``field(_:_:of:in:)``.
    mutating func table(
        _ key: String,
        fields: [String],
        _ meaning: String,
        _ effect: Effect = .now
    ) throws(SettingsError) -> [String: [String: String]] {
        declare(key, .table(fields: fields), ValueForm<String>.text, "{}", meaning, effect)
        var rows: [String: [String: String]] = [:]
        for item in layers.items(key, isSecret: false) ?? [] where !item.isEmpty {
            guard let (path, text) = Pairs.split(item), let dot = path.lastIndex(of: "."),
                let domain = HostName.domain(String(path[..<dot]))
            else { throw bad(key, item, "DOMAIN.FIELD=VALUE") }
            let field = String(path[path.index(after: dot)...])
            guard fields.contains(field) else {
                throw SettingsError.unknown(
                    "\(key).\(domain).\(field)",
                    among: fields,
                    origin: layers.origin(of: key)
                )
            }
            guard rows[domain, default: [:]].updateValue(text, forKey: field) == nil else {
                throw twice("\(key).\(domain).\(field)", key)
            }
        }
        return rows
    }

    private static func domain(_ name: String, _ takesSuffixes: Bool) -> String? {
        guard takesSuffixes, name.hasPrefix("*.") else { return HostName.domain(name) }
        return HostName.domain(String(name.dropFirst(2))).map { "*.\($0)" }
    }

    /// A list of entries with several fields each, still as texts.
    mutating func records(
        _ key: String,
        fields: [String],
        _ meaning: String,
        _ effect: Effect = .now
    ) throws(SettingsError) -> [[String: String]] {
        declare(key, .records(fields: fields), ValueForm<String>.text, "[]", meaning, effect)
        var rows: [[String: String]] = []
        for item in layers.items(key, isSecret: true) ?? [] where !item.isEmpty {
            // Only a component has something before its fields.
            let hasFieldsAlone = !fields.contains("host") && !item.hasPrefix("?")
            guard let row = ComponentText.read(hasFieldsAlone ? "?\(item)" : item) else {
                let short =
                    fields.contains("host")
                    ? "host:port/domain?secret=SECRET"
                    : fields.prefix(2).map { "\($0)=…" }.joined(separator: "&")
                throw bad(key, nil, "\(short), or entries with \(fields.joined(separator: ", "))")
            }
            if let field = row.keys.sorted().first(where: { !fields.contains($0) }) {
                let path = "\(key)[\(rows.count)].\(field)"
                throw SettingsError.unknown(path, among: fields, origin: layers.origin(of: key))
            }
            rows.append(row)
        }
        return rows
    }

    /// One field of a row of a table or of a record; `nil` when it is neither there nor has a default.
    func field<Value>(
        _ field: String,
        _ form: ValueForm<Value>,
        of row: [String: String],
        at path: String,
        in key: String,
        default defaultText: String? = nil
    ) throws(SettingsError) -> Value? {
        guard let text = row[field] ?? defaultText else { return nil }
        return try read(text, form, "\(path).\(field)", declared: key)
    }

    /// An error about something that a field needs.
    func missing(_ field: String, at path: String, in key: String, _ expected: String) -> SettingsError {
        SettingsError(.missing, key: "\(path).\(field)", expected: expected, origin: layers.origin(of: key))
    }

    private mutating func declare<Value>(
        _ key: String,
        _ shape: KeyDefinition.Shape,
        _ form: ValueForm<Value>,
        _ defaultText: String,
        _ meaning: String,
        _ effect: Effect,
        isOptional: Bool = false
    ) {
        let isSecret = if case .records = shape { true } else { form.isSecret }
        definitions.append(
            KeyDefinition(
                name: key,
                shape: shape,
                type: form.type,
                defaultText: defaultText,
                isOptional: isOptional,
                meaning: meaning,
                hasEffect: effect == .now,
                isSecret: isSecret
            )
        )
    }

    private func one<Value>(
        _ key: String,
        _ form: ValueForm<Value>,
        _ items: [String]
    ) throws(SettingsError) -> Value {
        guard items.count == 1 else {
            let shown = form.isSecret ? nil : "[" + items.joined(separator: ", ") + "]"
            throw bad(key, shown, "one value: \(form.expected)")
        }
        return try read(items[0], form, key)
    }

    private func read<Value>(
        _ text: String,
        _ form: ValueForm<Value>,
        _ path: String,
        declared key: String? = nil
    ) throws(SettingsError) -> Value {
        if let value = form.read(text) { return value }
        throw SettingsError(
            .badValue,
            key: path,
            value: form.isSecret ? nil : text,
            expected: form.expected,
            origin: layers.origin(of: key ?? path)
        )
    }

    private func bad(_ key: String, _ value: String?, _ expected: String) -> SettingsError {
        SettingsError(.badValue, key: key, value: value, expected: expected, origin: layers.origin(of: key))
    }

    private func twice(_ path: String, _ key: String) -> SettingsError {
        SettingsError(.duplicateKey, key: path, expected: "it once", origin: layers.origin(of: key))
    }
}
