import ArgumentParser
import Settings

/// Says what is wrong with the configuration, without starting anything.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what is wrong with the configuration, without starting anything."
    )

    @Flag(help: "Print every key with its default and meaning.")
    var explain = false

    @OptionGroup var flags: SettingFlags

    func run() throws {
        if explain { return print(Settings.reference(), terminator: "") }
        let settings = try Launch.load(flags)
        print(
            "The configuration is right. SIP domains: \(list(settings.domains)); XMPP domains: \(list(settings.xmppDomains))."
        )
        let idle = settings.keysWithoutEffect
        if !idle.isEmpty { print("Without effect in this version: \(list(idle)).") }
    }

    private func list(_ items: [String]) -> String {
        items.isEmpty ? "none" : items.joined(separator: ", ")
    }
}
