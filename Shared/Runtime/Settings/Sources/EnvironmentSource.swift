/// Environment variables: `CAUSEWAY_SIP_LISTEN=udp://0.0.0.0:5060,tcp://0.0.0.0:5060`.
enum EnvironmentSource {
    static let prefix = "CAUSEWAY_"
    /// Names the configuration file, as `--config` does.
    static let file = "CAUSEWAY_CONFIG"

    static func read(_ environment: [String: String], _ index: KeyIndex) throws(SettingsError) -> Layer {
        var layer = Layer(name: "environment")
        for (variable, text) in environment.sorted(by: { $0.key < $1.key }) where variable.hasPrefix(prefix) {
            if variable == file { continue }
            guard let definition = index.byVariable[variable] else {
                if isOfCluster(variable) { continue }
                throw SettingsError.unknown(variable, among: index.byVariable.keys.sorted(), origin: nil)
            }
            let items = try ValueText.items(text, for: definition, origin: variable, index)
            layer.entries[definition.name] = Layer.Entry(items: items, origin: variable)
        }
        return layer
    }

    /// Whether a container platform put the variable there.
    ///
    /// COMPAT: Kubernetes (and Docker's links): a service named `causeway…` gives every container of its namespace
    /// `CAUSEWAY…_SERVICE_HOST`, `…_SERVICE_PORT…`, `…_PORT` and `…_PORT_5060_UDP_ADDR`.
    private static func isOfCluster(_ variable: String) -> Bool {
        variable.hasSuffix("_PORT") || variable.hasSuffix("_SERVICE_HOST")
            || variable.contains("_SERVICE_PORT")
            || variable.firstRange(of: "_PORT_").map { variable[$0.upperBound...].first?.isNumber == true }
                ?? false
    }
}
