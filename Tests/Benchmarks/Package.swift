// swift-tools-version: 6.3
import PackageDescription

// Apart from the package above it, so that nobody who builds the gateway builds this.
let package = Package(
    name: "benchmarks",
    targets: [
        .target(name: "CDatagrams"),
        .executableTarget(
            name: "GatewayLoad",
            dependencies: ["CDatagrams"],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .treatAllWarnings(as: .error),
                .strictMemorySafety(),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
                .enableUpcomingFeature("InferIsolatedConformances"),
            ]
        ),
    ]
)
