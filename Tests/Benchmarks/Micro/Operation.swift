/// One thing that is done again and again: timed by ``Stopwatch``, or its instructions counted by valgrind
/// (Tests/Benchmarks/instructions).
struct Operation {
    let name: String
    /// How often it is done before the clock is looked at.
    let batch: Int
    private let work: () throws -> Void

    init(_ name: String, batch: Int = 2_000, _ work: @escaping () throws -> Void) {
        self.name = name
        self.batch = batch
        self.work = work
    }

    /// All that there are; each does the same every time.
    static func all() throws -> [Operation] {
        try SIPParsing.operations() + StanzaParsing.operations() + Transactions.operations()
            + ParcelCoding.operations()
    }

    func measure() throws { try Stopwatch.time(name, batch: batch, work) }

    func run(times: Int) throws {
        for _ in 0..<times { try work() }
    }
}
