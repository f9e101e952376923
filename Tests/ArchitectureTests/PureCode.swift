/// What pure code is given and may not fetch: the time, chance, tasks (architecture section 5).
enum PureCode {
    static let folders =
        ["Shared/Grammar", "Shared/Machines", "Shared/Gateway"] + Layers.translators.map { "Services/\($0)" }

    static let rules: [WordRule] = folders.map { WordRule($0, "takes what it must be given", ambient) }

    /// The way by which a line learns the time, waits, is random or runs beside its caller; nil when it does not.
    @Sendable static func ambient(_ line: Substring) -> String? {
        if let word = words.first(where: { line.contains($0) }) { return word }
        // With a generator that was given, chance is an input like any other.
        if line.contains(".random("), !line.contains("using:") { return ".random(" }
        return nil
    }

    private static let words = [
        "ContinuousClock", "SuspendingClock", "Date()", "Date.now", "DispatchTime", "clock_gettime",
        "gettimeofday",
        "Task." + "sleep", "Task {", "Task.detached", "TaskGroup", "DispatchQueue", "Mutex<", "UUID()",
        "SystemRandomNumberGenerator", ".randomElement()", ".shuffled()", ".shuffle()", "getenv(",
        "ProcessInfo", "CommandLine.", "nonisolated(unsafe)", "@unchecked",
    ]
}
