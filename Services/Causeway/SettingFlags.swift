import ArgumentParser

/// The flags of every service: the file, and any key of the configuration.
struct SettingFlags: ParsableArguments {
    @Argument(
        parsing: .allUnrecognized,
        help:
            "--config FILE (default: causeway.yaml, if there is one), and any key as a flag: --sip-listen VALUE."
    )
    var settings: [String] = []
}
