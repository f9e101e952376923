// swift-tools-version: 6.3
import PackageDescription

// Apart from the package above it, so that what is fuzzed can be built with other flags than what is used. `Shared` is a
// link to the sources: a dependency on the package above would bring all that the gateway needs.
let package = Package(
    name: "fuzz",
    targets: [
        .target(name: "CFuzzer", path: "CFuzzer"),
        .grammar("Octets"),
        .grammar("SIPGrammar", uses: ["Octets"]),
        .grammar("SDP", uses: ["Octets"]),
        .grammar("XMPPGrammar", uses: ["Octets"]),
        .systemLibrary(name: "CLibXML2", path: "Shared/Runtime/CLibXML2", pkgConfig: "libxml-2.0"),
        .target(name: "CXMLStream", dependencies: ["CLibXML2"], path: "Shared/Runtime/CXMLStream"),
        // What of it reads streams, without what needs sockets.
        .target(
            name: "XMPPTransport",
            dependencies: ["CXMLStream", "XMPPGrammar"],
            path: "Shared/Runtime/XMPPTransport",
            sources: [
                "XMLEvent.swift", "XMLStream.swift", "XMLStreamError.swift", "XMLStreamLimits.swift",
                "XMLStreamParser.swift",
            ],
            swiftSettings: .strict
        ),
        .target(
            name: "FuzzLaws",
            dependencies: ["SIPGrammar", "SDP", "XMPPGrammar", "XMPPTransport"],
            path: "Laws",
            swiftSettings: .strict
        ),
        .executableTarget(
            name: "Fuzz",
            dependencies: ["CFuzzer", "FuzzLaws"],
            path: "Fuzz",
            swiftSettings: .strict
        ),
    ]
)

extension Target {
    static func grammar(_ name: String, uses: [Dependency] = []) -> Target {
        .target(name: name, dependencies: uses, path: "Shared/Grammar/\(name)", swiftSettings: .strict)
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
