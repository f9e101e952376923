import Configuration

/// What one source says: the file, the environment or the flags.
///
/// All values are lists of texts by now; entries with fields have become `NAME=VALUE`, `NAME.FIELD=VALUE` (``Pairs``)
/// or a query (``ComponentText``), which is also how a variable or a flag writes them.
struct Layer: Sendable {
    struct Entry: Hashable, Sendable {
        var items: [String]
        /// For errors: `causeway.yaml line 3`.
        var origin: String
    }

    let name: String
    var entries: [String: Entry] = [:]
}

/// The sources on top of each other, the strongest first.
struct Layers: Sendable {
    private let layers: [Layer]
    private let reader: ConfigReader

    init(_ layers: [Layer]) {
        self.layers = layers
        // A reader has at least one provider.
        let sources = layers.isEmpty ? [Layer(name: "defaults")] : layers
        reader = ConfigReader(
            providers: sources.map { layer in
                let values = layer.entries.map {
                    (Self.absolute($0.key), ConfigValue(.stringArray($0.value.items), isSecret: true))
                }
                return InMemoryProvider(name: layer.name, values: Dictionary(uniqueKeysWithValues: values))
            }
        )
    }

    /// What the strongest source that mentions the key says.
    func items(_ key: String, isSecret: Bool) -> [String]? {
        reader.stringArray(forKey: ConfigKey([key]), isSecret: isSecret)
    }

    /// Where that stands.
    func origin(of key: String) -> String? {
        layers.lazy.compactMap { $0.entries[key]?.origin }.first
    }

    /// The keys that any source mentions.
    var keys: Set<String> { Set(layers.flatMap(\.entries.keys)) }

    private static func absolute(_ key: String) -> AbsoluteConfigKey {
        AbsoluteConfigKey([key])
    }
}
