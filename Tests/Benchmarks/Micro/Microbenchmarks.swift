/// Prints, as rows of a Markdown table, what SIP parsing, stanza parsing, transactions, replicas and the bus cost alone.
///
///     Microbenchmarks                                           the table
///     Microbenchmarks names                                     of what can be counted
///     Microbenchmarks count NAME TIMES                          does one of these so often (Tests/Benchmarks/instructions)
///     Microbenchmarks translators BROKER CONVERSATIONS SECONDS  (Tests/Benchmarks/replicas)
///     Microbenchmarks edge PORT                                 a SIP edge alone (Tests/Benchmarks/edge)
///
/// It is a target of the package itself, not of the nested one, because what it measures is `package`.
@main
struct Microbenchmarks {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case nil: try await measureAll()
        case "names": for operation in try Operation.all() { print(operation.name) }
        case "count":
            let operation = try Operation.all().first { $0.name == arguments[1] }
            guard let operation, let times = Int(arguments[2]) else { throw BadArguments() }
            try operation.run(times: times)
        case "translators":
            guard let conversations = Int(arguments[2]), let seconds = Int(arguments[3]) else {
                throw BadArguments()
            }
            try TranslatorsAlone.measure(broker: arguments[1], conversations: conversations, seconds: seconds)
        case "edge":
            guard let port = Int(arguments[1]) else { throw BadArguments() }
            try await EdgeAlone.serve(at: port)
        default: throw BadArguments()
        }
    }

    private static func measureAll() async throws {
        print("| what | per second | each | processor time each |")
        print("| --- | --- | --- | --- |")
        for operation in try Operation.all() { try operation.measure() }
        try await Replicas.measure()
        for kind in BusAlone.Kind.allCases { try await BusAlone.measure(kind) }
    }
}

/// What nobody but our own scripts gets to see.
struct BadArguments: Error {}
