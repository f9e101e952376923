import ArgumentParser

/// The program: one executable, a command a service.
@main
struct Causeway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "causeway",
        abstract: "The gateway between SIP and XMPP.",
        discussion: """
            Every key of the configuration may stand in the file, in the environment and among the flags, each \
            overriding the one before: sip.listen, CAUSEWAY_SIP_LISTEN, --sip-listen.
            """,
        version: "0.1.0",
        subcommands: [
            RunCommand.self, BusCommand.self, SIPEdgeCommand.self, XMPPEdgeCommand.self,
            MessagingCommand.self, SoftwareVersionCommand.self,
            CheckCommand.self, KeysCommand.self,
        ]
    )
}

/// Hosts every service in this process.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Host every service in this process, with the bus inside it."
    )
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        try await Launch(flags, name: "run").run([.sipEdge, .xmppEdge, .instantMessaging, .softwareVersion])
    }
}

/// Hosts the broker that the other services meet at.
struct BusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bus",
        abstract: "Host the broker, which holds nothing and may be restarted at any time."
    )
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        try await Launch(flags, name: "bus").run([.broker])
    }
}

/// Hosts the SIP edge.
struct SIPEdgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sip-edge",
        abstract: "Host the SIP sockets, their transactions and their admission."
    )
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        try await Launch(flags, name: "sip-edge").run([.sipEdge])
    }
}

/// Hosts the XMPP edge.
struct XMPPEdgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "xmpp-edge",
        abstract: "Host the server-to-server streams and the component links."
    )
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        try await Launch(flags, name: "xmpp-edge").run([.xmppEdge])
    }
}

/// Hosts the translator of instant messages.
struct MessagingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "im",
        abstract: "Host the translator of instant messages."
    )
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        try await Launch(flags, name: "im").run([.instantMessaging])
    }
}

/// Hosts the translator of questions about software.
struct SoftwareVersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "software-version",
        abstract: "Host the translator of questions about users' software."
    )
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        try await Launch(flags, name: "software-version").run([.softwareVersion])
    }
}
