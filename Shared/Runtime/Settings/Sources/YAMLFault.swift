import Yams

/// What is wrong with the YAML itself, without the lines that Yams would quote: they may hold a secret.
enum YAMLFault {
    static func settingsError(_ error: YamlError, in name: String) -> SettingsError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return SettingsError(
                .syntax,
                expected: "YAML (\(problem), column \(mark.column))",
                origin: "\(name) line \(mark.line)"
            )
        case .reader(let problem, _, _, _):
            return SettingsError(.syntax, expected: "YAML (\(problem))", origin: name)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return SettingsError(
                .duplicateKey,
                key: duplicates.sorted().joined(separator: ", "),
                expected: "each key once",
                origin: "\(name) line \(context.mark.line)"
            )
        default:
            return SettingsError(.syntax, expected: "YAML", origin: name)
        }
    }
}
