// swift-tools-version: 6.3
import PackageDescription

let package = Package(
    name: "causeway",
    products: [
        .executable(name: "causeway", targets: ["Causeway"]),
        .library(name: "TranslatorKit", targets: ["TranslatorKit", "BusContract", "MachineKit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Grammar: bytes in, values out. Imports the standard library and other grammar, nothing else.
        .grammar("Octets"),
        .grammar("SIPGrammar", uses: ["Octets"]),
        .grammar("SDP", uses: ["Octets"]),
        .grammar("XMPPGrammar", uses: ["Octets"]),
        .grammar("Payloads", uses: ["Octets", "XMPPGrammar"]),

        // Machines: what one protocol does over time. Pure: the moment comes with every input.
        .machine("MachineKit"),
        .machine("SIPTransactions", uses: ["MachineKit", "SIPGrammar"]),
        .machine("SIPAuthentication", uses: ["MachineKit", "Octets", "SIPGrammar", .crypto]),
        .machine("SIPRegistration", uses: ["MachineKit", "SIPAuthentication", "SIPGrammar"]),
        .machine("SIPDialogs", uses: ["MachineKit", "Octets", "SIPGrammar"]),
        .machine("XMPPStreams", uses: ["MachineKit", "Octets", "XMPPGrammar"]),

        // Gateway: where the two worlds meet. Pure; no sockets, clocks, tasks or Foundation.
        .gateway("Addressing", uses: ["Octets", "SIPGrammar", "XMPPGrammar", "BusContract", .crypto]),
        .gateway(
            "BusContract",
            uses: ["MachineKit", "SIPGrammar", "XMPPGrammar", .crypto, .protobuf],
            excludes: ["proto"]
        ),
        .gateway("TranslatorKit", uses: ["MachineKit", "BusContract", "SIPDialogs", "SIPGrammar"]),

        // Runtime: the outside world.
        .systemLibrary(
            name: "CZeroMQ",
            path: "Shared/Runtime/CZeroMQ",
            providers: [.apt(["libzmq3-dev"])]
        ),
        .systemLibrary(
            name: "CLibXML2",
            path: "Shared/Runtime/CLibXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"])]
        ),
        .systemLibrary(
            name: "CUnbound",
            path: "Shared/Runtime/CUnbound",
            providers: [.apt(["libunbound-dev"])]
        ),
        .target(
            name: "CXMLStream",
            dependencies: ["CLibXML2"],
            path: "Shared/Runtime/CXMLStream",
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]
        ),
        .runtime("Telemetry", uses: [.logging, .metrics]),
        .runtime("Settings", uses: ["Telemetry", .configuration, .yams, .logging]),
        .runtime("Resolver", uses: ["CUnbound"]),
        .runtime(
            "MessageBus",
            uses: [
                "CZeroMQ", "BusContract", "MachineKit", "SIPGrammar", "Telemetry", .nio, .logging, .metrics,
            ]
        ),
        .runtime("TransportSecurity", uses: [.nio, .nioSSL, .certificates, .asn1, .crypto]),
        .runtime(
            "SIPTransport",
            uses: [
                "SIPGrammar", "TransportSecurity", .nio, .nioPosix, .nioSSL, .nioTLS, .nioHTTP1,
                .nioWebSocket,
                .logging, .metrics,
            ]
        ),
        .runtime(
            "XMPPTransport",
            uses: [
                "CXMLStream", "XMPPGrammar", "XMPPStreams", "TransportSecurity", .nio, .nioPosix, .nioSSL,
                .nioTLS, .logging, .metrics,
            ]
        ),
        .systemLibrary(
            name: "CPostgreSQL",
            path: "Shared/Runtime/CPostgreSQL",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]
        ),
        .runtime("Store", uses: ["CPostgreSQL", .grdb, .logging, .metrics]),
        .runtime(
            "ServiceKit",
            uses: [
                "MessageBus", "TranslatorKit", "BusContract", "MachineKit", "Store", .nio, .logging, .metrics,
            ]
        ),

        // Services: one folder each.
        .service("Bus", uses: ["MessageBus", .logging]),
        .service(
            "SIPEdge",
            uses: [
                "SIPGrammar", "SIPTransactions", "SIPAuthentication", "SIPRegistration", "SIPTransport",
                "TransportSecurity", "MachineKit", "BusContract", "MessageBus", "Resolver",
                .nio, .nioPosix, .crypto, .logging, .metrics,
            ]
        ),
        .service(
            "XMPPEdge",
            uses: [
                "Octets", "XMPPGrammar", "XMPPStreams", "XMPPTransport", "TransportSecurity", "MachineKit",
                "BusContract", "MessageBus", "Resolver", .nio, .nioPosix, .nioSSL, .crypto, .logging,
                .metrics,
            ]
        ),
        .service(
            "InstantMessaging",
            uses: [
                "TranslatorKit", "BusContract", "MachineKit", "Addressing", "Payloads", "SIPGrammar",
                "XMPPGrammar",
                "Octets", .crypto,
            ]
        ),
        .service(
            "SoftwareVersion",
            uses: [
                "TranslatorKit", "BusContract", "MachineKit", "Addressing", "SIPGrammar", "XMPPGrammar",
            ]
        ),
        .executableTarget(
            name: "Causeway",
            dependencies: [
                "Bus", "SIPEdge", "XMPPEdge", "InstantMessaging", "SoftwareVersion", "MessageBus",
                "ServiceKit", "Settings",
                "Store",
                "Telemetry",
                "Resolver", "TranslatorKit", "BusContract", "MachineKit", "Addressing", "XMPPStreams",
                "XMPPTransport",
                "SIPGrammar", "SIPTransactions", "SIPAuthentication", "SIPRegistration", "SIPTransport",
                "TransportSecurity", "Octets",
                .argumentParser, .lifecycle, .signals, .logging, .nio, .nioPosix,
                .nioSSL,
            ],
            path: "Services/Causeway",
            swiftSettings: .strict
        ),

        // Tests.
        .target(
            name: "TestKit",
            dependencies: ["MachineKit"],
            path: "Tests/TestKit",
            swiftSettings: .strict
        ),
        .target(
            name: "BusTestKit",
            dependencies: ["BusContract", "MessageBus", .nio],
            path: "Tests/BusTestKit",
            swiftSettings: .strict
        ),
        .target(
            name: "TLSTestKit",
            dependencies: ["TransportSecurity", .nioSSL, .certificates, .asn1, .crypto],
            path: "Tests/TLSTestKit",
            swiftSettings: .strict
        ),
        .tests("Octets", uses: ["TestKit"]),
        .tests("SIPGrammar", uses: ["Octets", "TestKit"]),
        .tests("SDP", uses: ["TestKit"]),
        .tests("XMPPGrammar", uses: ["TestKit"]),
        .tests("Payloads", uses: ["Octets", "XMPPGrammar", "TestKit"]),
        .tests("MachineKit", uses: ["TestKit"]),
        .tests("SIPTransactions", uses: ["MachineKit", "SIPGrammar", "TestKit"]),
        .tests("XMPPStreams", uses: ["MachineKit", "XMPPGrammar", "TestKit"]),
        .tests("Addressing", uses: ["Octets", "SIPGrammar", "XMPPGrammar", "BusContract", "TestKit"]),
        .tests(
            "TranslatorKit",
            uses: ["BusContract", "MachineKit", "SIPDialogs", "SIPGrammar", "TestKit"]
        ),
        .tests("SIPAuthentication", uses: ["MachineKit", "SIPGrammar", "TestKit"]),
        .tests("SIPRegistration", uses: ["MachineKit", "SIPAuthentication", "SIPGrammar", "TestKit"]),
        .tests("SIPDialogs", uses: ["MachineKit", "SIPGrammar", "TestKit"]),
        .tests("Telemetry", uses: [.logging, .metrics]),
        .tests("Settings", uses: ["Telemetry", "TestKit", .logging]),
        .tests("Resolver", uses: ["TestKit", .crypto]),
        .tests(
            "MessageBus",
            uses: [
                "CZeroMQ", "TestKit", "Telemetry", "BusContract", "MachineKit", "SIPGrammar", "XMPPGrammar",
                .nio, .nioPosix,
                .logging, .metrics,
            ]
        ),
        .tests("Store", uses: ["TestKit", .grdb, .logging, .metrics]),
        .tests(
            "ServiceKit",
            uses: [
                "BusContract", "MachineKit", "MessageBus", "Store", "Telemetry", "TestKit", "TranslatorKit",
                .nio, .nioPosix, .logging, .metrics,
            ]
        ),
        .testTarget(
            name: "XMLStreamParserTests",
            dependencies: ["XMPPTransport", "XMPPGrammar", "TestKit"],
            path: "Tests/XMLStreamParserTests",
            swiftSettings: .strict
        ),
        .tests(
            "TransportSecurity",
            uses: ["TLSTestKit", "TestKit", .nio, .nioPosix, .nioSSL, .certificates, .asn1, .crypto]
        ),
        .tests(
            "SIPTransport",
            uses: [
                "TLSTestKit", "SIPGrammar", "TransportSecurity", "TestKit", .nio, .nioPosix, .nioEmbedded,
                .nioSSL,
                .nioTLS, .nioHTTP1, .nioWebSocket, .certificates, .asn1, .crypto, .logging,
            ]
        ),
        .tests(
            "SIPEdge",
            uses: [
                "SIPGrammar", "SIPTransactions", "SIPAuthentication", "SIPRegistration", "SIPTransport",
                "TransportSecurity", "BusContract", "MachineKit", "Resolver", "MessageBus", "BusTestKit",
                "TestKit", "TLSTestKit", .nio,
                .nioPosix,
                .nioEmbedded, .logging,
            ]
        ),
        .tests(
            "XMPPTransport",
            uses: [
                "TransportSecurity", "XMPPGrammar", "XMPPStreams", "TestKit", .nio, .nioPosix, .nioEmbedded,
                .nioSSL,
            ]
        ),
        .tests(
            "XMPPEdge",
            uses: [
                "XMPPGrammar", "XMPPStreams", "XMPPTransport", "TransportSecurity", "BusContract",
                "MachineKit",
                "Resolver", "MessageBus", "BusTestKit", "TestKit",
                .nio, .nioPosix, .nioSSL, .logging,
            ]
        ),
        .tests(
            "InstantMessaging",
            uses: [
                "Addressing", "BusContract", "MachineKit", "Payloads", "SIPGrammar", "TestKit",
                "TranslatorKit",
                "XMPPGrammar",
            ]
        ),
        .tests(
            "SoftwareVersion",
            uses: [
                "BusContract", "MachineKit", "MessageBus", "SIPGrammar", "ServiceKit", "TestKit",
                "TranslatorKit", "XMPPGrammar", .nio, .nioPosix, .logging,
            ]
        ),
        .testTarget(
            name: "PlaysTests",
            dependencies: [
                "InstantMessaging", "Addressing", "BusContract", "MachineKit", "SIPGrammar", "TestKit",
                "TranslatorKit", "XMPPGrammar",
            ],
            path: "Tests/Plays",
            swiftSettings: .strict
        ),
        .testTarget(
            name: "TortureTests",
            dependencies: ["SIPGrammar"],
            path: "Tests/Torture",
            resources: [.copy("rfc4475"), .copy("rfc5118")],
            swiftSettings: .strict
        ),
        .target(
            name: "FuzzLaws",
            dependencies: ["SIPGrammar", "SDP", "XMPPGrammar", "XMPPTransport"],
            path: "Tests/Fuzz/Laws",
            swiftSettings: .strict
        ),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["FuzzLaws"],
            path: "Tests/FuzzTests",
            swiftSettings: .strict
        ),
        .testTarget(name: "ArchitectureTests", path: "Tests/ArchitectureTests", swiftSettings: .strict),
        .executableTarget(
            name: "DialogAgent",
            dependencies: [
                "TranslatorKit", "BusContract", "MachineKit", "SIPDialogs", "SIPGrammar", "MessageBus",
                "ServiceKit",
                "Store", .nio, .nioPosix, .argumentParser, .logging,
            ],
            path: "Tests/DialogAgent",
            swiftSettings: .strict
        ),
        .executableTarget(
            name: "Microbenchmarks",
            dependencies: [
                "SIPGrammar", "SIPTransactions", "SIPTransport", "SIPEdge", "TransportSecurity", "Resolver",
                "XMPPGrammar", "XMPPTransport", "MachineKit", "ServiceKit", "Store", "TranslatorKit",
                "BusContract",
                "MessageBus", "CZeroMQ", .nio, .nioPosix, .logging,
            ],
            path: "Tests/Benchmarks/Micro",
            swiftSettings: .strict
        ),
    ]
)

extension Target.Dependency {
    static var nio: Self { .product(name: "NIOCore", package: "swift-nio") }
    static var nioPosix: Self { .product(name: "NIOPosix", package: "swift-nio") }
    static var nioEmbedded: Self { .product(name: "NIOEmbedded", package: "swift-nio") }
    static var nioHTTP1: Self { .product(name: "NIOHTTP1", package: "swift-nio") }
    static var nioWebSocket: Self { .product(name: "NIOWebSocket", package: "swift-nio") }
    static var nioSSL: Self { .product(name: "NIOSSL", package: "swift-nio-ssl") }
    static var certificates: Self { .product(name: "X509", package: "swift-certificates") }
    static var crypto: Self { .product(name: "Crypto", package: "swift-crypto") }
    static var protobuf: Self { .product(name: "SwiftProtobuf", package: "swift-protobuf") }
    static var nioTLS: Self { .product(name: "NIOTLS", package: "swift-nio") }
    static var asn1: Self { .product(name: "SwiftASN1", package: "swift-asn1") }
    static var grdb: Self { .product(name: "GRDB", package: "GRDB.swift") }
    static var yams: Self { .product(name: "Yams", package: "Yams") }
    static var logging: Self { .product(name: "Logging", package: "swift-log") }
    static var metrics: Self { .product(name: "Metrics", package: "swift-metrics") }
    static var argumentParser: Self { .product(name: "ArgumentParser", package: "swift-argument-parser") }
    static var configuration: Self { .product(name: "Configuration", package: "swift-configuration") }
    static var signals: Self { .product(name: "UnixSignals", package: "swift-service-lifecycle") }
    static var lifecycle: Self { .product(name: "ServiceLifecycle", package: "swift-service-lifecycle") }
}

extension Target {
    static func grammar(_ name: String, uses: [Dependency] = []) -> Target {
        .target(name: name, dependencies: uses, path: "Shared/Grammar/\(name)", swiftSettings: .strict)
    }

    static func machine(_ name: String, uses: [Dependency] = []) -> Target {
        .target(name: name, dependencies: uses, path: "Shared/Machines/\(name)", swiftSettings: .strict)
    }

    static func gateway(_ name: String, uses: [Dependency] = [], excludes: [String] = []) -> Target {
        .target(
            name: name,
            dependencies: uses,
            path: "Shared/Gateway/\(name)",
            exclude: excludes,
            swiftSettings: .strict
        )
    }

    static func runtime(_ name: String, uses: [Dependency] = []) -> Target {
        .target(name: name, dependencies: uses, path: "Shared/Runtime/\(name)", swiftSettings: .strict)
    }

    static func service(_ name: String, uses: [Dependency] = []) -> Target {
        .target(name: name, dependencies: uses, path: "Services/\(name)", swiftSettings: .strict)
    }

    static func tests(_ name: String, uses: [Dependency] = []) -> Target {
        .testTarget(
            name: "\(name)Tests",
            dependencies: [.target(name: name)] + uses,
            path: "Tests/\(name)Tests",
            swiftSettings: .strict
        )
    }
}

extension [SwiftSetting] {
    static var strict: [SwiftSetting] {
        [
            .swiftLanguageMode(.v6),
            .treatAllWarnings(as: .error),
            .strictMemorySafety(),
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .enableUpcomingFeature("InferIsolatedConformances"),
        ]
    }
}
