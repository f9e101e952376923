extension Settings {
    /// The file that is read when none is named, if it is there.
    package static let usualFile = "causeway.yaml"

    /// Reads and checks the configuration: the file, over it the environment, over both the flags.
    ///
    /// - Parameters:
    ///   - file: the file to read; `nil` for `--config`, else `CAUSEWAY_CONFIG`, else ``usualFile`` where it exists.
    ///   - environment: the process's variables; those that begin with `CAUSEWAY_` count.
    ///   - arguments: what follows the command's name, flags of the form `--sip-listen VALUE` only.
    /// - Returns: the configuration, with a default for everything that is not set.
    /// - Throws: the first fault found, in one line.
    package static func load(
        file: String? = nil,
        environment: [String: String] = [:],
        arguments: [String] = []
    ) throws(SettingsError) -> Settings {
        let index = KeyIndex(keys)
        let flags = try ArgumentSource.read(arguments, index)
        var layers = [flags.layer, try EnvironmentSource.read(environment, index)]
        let variable = environment[EnvironmentSource.file].flatMap { $0.isEmpty ? nil : $0 }
        let named = file ?? flags.file ?? variable
        if named != nil || ConfigurationFile.exists(usualFile) {
            let name = named ?? usualFile
            layers.append(try YAMLSource.read(try ConfigurationFile.read(name), name: name, index))
        }
        return try make(Layers(layers))
    }

    /// Reads and checks a configuration that is text already.
    package static func parse(_ text: String, name: String = usualFile) throws(SettingsError) -> Settings {
        try make(Layers([try YAMLSource.read(text, name: name, KeyIndex(keys))]))
    }

    private static func make(_ layers: Layers) throws(SettingsError) -> Settings {
        var reader = KeyReader(layers)
        let settings = try Settings(&reader)
        try SettingsCheck(settings, layers).run()
        return settings
    }
}
