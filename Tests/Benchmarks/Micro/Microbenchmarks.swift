/// Prints, as rows of a Markdown table, what SIP parsing, stanza parsing, replicas and the bus cost alone.
///
/// It is a target of the package itself, not of the nested one, because what it measures is `package`.
@main
struct Microbenchmarks {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments.count == 4, arguments[1] == "translators", let seconds = Int(arguments[3]) {
            return try await TranslatorsAlone.measure(broker: arguments[2], seconds: seconds)
        }
        print("| what | per second | each | processor time each |")
        print("| --- | --- | --- | --- |")
        try SIPParsing.measure()
        try StanzaParsing.measure()
        try await Replicas.measure()
        for kind in BusAlone.Kind.allCases { try await BusAlone.measure(kind) }
    }
}
