/// The rules of the architecture's section 3, folder by folder.
enum Layers {
    static let grammars = ["Octets", "SIPGrammar", "SDP", "MSRPGrammar", "XMPPGrammar", "Jingle", "Payloads"]
    static let sipGrammars = ["Octets", "SIPGrammar", "SDP", "MSRPGrammar", "Payloads"]
    static let xmppGrammars = ["Octets", "XMPPGrammar", "Jingle", "Payloads"]
    static let sipMachines = [
        "MachineKit", "SIPTransactions", "SIPDialogs", "SIPAuthentication", "SIPRegistration", "MSRPSessions",
    ]
    static let xmppMachines = ["MachineKit", "XMPPStreams", "JingleSessions"]
    static let gateway = ["Addressing", "BusContract", "TranslatorKit"]
    /// What touches the world and speaks neither protocol.
    static let neutralRuntime = [
        "MessageBus", "Store", "Resolver", "Settings", "Telemetry", "ServiceKit", "TransportSecurity",
    ]
    /// What any code that touches the world may use.
    static let world = [
        "Foundation*", "Glibc", "Musl", "Darwin", "Synchronization", "Dispatch", "NIO*", "Logging", "Metrics",
        "Crypto", "X509", "SwiftASN1", "ServiceLifecycle", "UnixSignals", "Tracing",
    ]

    static let translators = [
        "InstantMessaging", "Presence", "MultipartyChat", "JingleAudio", "FileTransfer", "SoftwareVersion",
    ]

    /// Every folder that has code, and what it may import.
    static let imports: [ImportRule] =
        grammarRules + machineRules + gatewayRules + runtimeRules + edgeRules
        + translators.map {
            ImportRule("Services/\($0)", allows: grammars + ["MachineKit", "Crypto"] + gateway)
        } + [
            ImportRule("Services/Bus", allows: world + neutralRuntime + ["BusContract"]),
            ImportRule("Services/Console", allows: world + neutralRuntime + ["BusContract", "Hummingbird*"]),
            // The one place that chooses who does what.
            ImportRule("Services/Causeway", allows: ["*"]),
        ]

    private static let grammarRules = [
        ImportRule("Shared/Grammar/Octets", allows: []),
        ImportRule("Shared/Grammar/SIPGrammar", allows: ["Octets"]),
        ImportRule("Shared/Grammar/SDP", allows: ["Octets"]),
        ImportRule("Shared/Grammar/MSRPGrammar", allows: ["Octets"]),
        ImportRule("Shared/Grammar/XMPPGrammar", allows: ["Octets"]),
        ImportRule("Shared/Grammar/Jingle", allows: ["Octets", "XMPPGrammar"]),
        ImportRule("Shared/Grammar/Payloads", allows: ["Octets", "XMPPGrammar"]),
    ]

    private static let machineRules = [
        ImportRule("Shared/Machines/MachineKit", allows: []),
        ImportRule("Shared/Machines/SIPTransactions", allows: sipGrammars + sipMachines),
        ImportRule("Shared/Machines/SIPDialogs", allows: sipGrammars + sipMachines),
        // A digest is a function of octets; the time and the nonces come from outside like any machine's.
        ImportRule("Shared/Machines/SIPAuthentication", allows: sipGrammars + sipMachines + ["Crypto"]),
        ImportRule("Shared/Machines/SIPRegistration", allows: sipGrammars + sipMachines),
        ImportRule("Shared/Machines/MSRPSessions", allows: sipGrammars + sipMachines),
        ImportRule("Shared/Machines/XMPPStreams", allows: xmppGrammars + xmppMachines),
        ImportRule("Shared/Machines/JingleSessions", allows: xmppGrammars + xmppMachines),
    ]

    private static let pure = grammars + gateway + ["MachineKit", "Crypto", "SwiftProtobuf"]

    private static let gatewayRules =
        gateway.map { ImportRule("Shared/Gateway/\($0)", allows: pure) } + [
            // A call leg's way over the bus is the same for every medium.
            ImportRule("Shared/Gateway/TranslatorKit/Calls", allows: pure + ["SIPDialogs"]),
            // The bytes of SwiftProtobuf's messages are Foundation's Data, and nothing else of Foundation is used.
            ImportRule("Shared/Gateway/BusContract/Wire", allows: pure + ["FoundationEssentials"]),
        ]

    /// The rule for a file: that of the innermost folder which has one.
    static func imports(of file: SourceFile) -> ImportRule? {
        imports.filter { file.path.hasPrefix($0.folder + "/") }.max {
            $0.folder.utf8.count < $1.folder.utf8.count
        }
    }

    private static let runtimeRules = [
        ImportRule(
            "Shared/Runtime/MessageBus",
            allows: world + ["CZeroMQ", "BusContract", "MachineKit", "SIPGrammar", "Telemetry"]
        ),
        ImportRule(
            "Shared/Runtime/Store",
            allows: world + ["CPostgreSQL", "GRDB", "BusContract", "MachineKit"]
        ),
        ImportRule("Shared/Runtime/Resolver", allows: world + ["CUnbound"]),
        ImportRule("Shared/Runtime/Settings", allows: world + ["Configuration", "Yams", "Telemetry"]),
        ImportRule("Shared/Runtime/Telemetry", allows: world),
        ImportRule(
            "Shared/Runtime/ServiceKit",
            allows: world + neutralRuntime + ["BusContract", "TranslatorKit", "MachineKit"]
        ),
        ImportRule("Shared/Runtime/TransportSecurity", allows: world),
        ImportRule(
            "Shared/Runtime/SIPTransport",
            allows: world + sipGrammars + sipMachines + ["TransportSecurity"]
        ),
        ImportRule("Shared/Runtime/MSRPTransport", allows: world + sipGrammars + sipMachines),
        ImportRule(
            "Shared/Runtime/XMPPTransport",
            allows: world + xmppGrammars + xmppMachines + ["CXMLStream", "TransportSecurity"]
        ),
        ImportRule("Shared/Runtime/RTPEngine", allows: world + ["Octets", "MachineKit", "SDP"]),
    ]

    private static let edgeRules = [
        ImportRule(
            "Services/SIPEdge",
            allows: world + neutralRuntime + sipGrammars + sipMachines + ["BusContract", "SIPTransport"]
        ),
        ImportRule(
            "Services/XMPPEdge",
            allows: world + neutralRuntime + xmppGrammars + xmppMachines + ["BusContract", "XMPPTransport"]
        ),
        ImportRule(
            "Services/MediaEdge",
            allows: world + neutralRuntime + [
                "Octets", "MSRPGrammar", "MachineKit", "MSRPSessions", "BusContract",
            ]
                + ["MSRPTransport"]
        ),
    ]
}
