import Settings

/// What a configuration is wrong about, as its one line; `nil` when nothing is.
func fault(
    _ text: String = "",
    environment: [String: String] = [:],
    arguments: [String] = []
) -> SettingsError? {
    do throws(SettingsError) {
        _ = try load(text, environment: environment, arguments: arguments)
        return nil
    } catch {
        return error
    }
}

/// Reads a file with this text, called `causeway.yaml`, with variables and flags over it.
func load(
    _ text: String = "",
    environment: [String: String] = [:],
    arguments: [String] = []
) throws(SettingsError) -> Settings {
    if environment.isEmpty, arguments.isEmpty { return try Settings.parse(text) }
    let file = TemporaryFile(text)
    return try Settings.load(file: file.path, environment: environment, arguments: arguments)
}
