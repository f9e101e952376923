import Metrics

/// What a store counts; `store` is `sqlite` or `postgresql`.
struct StoreMetrics: Sendable {
    private let commits: Counter
    private let writes: Counter
    private let fenced: Counter
    private let errors: [StoreError.Reason: Counter]
    private let commitTime: Timer

    init(store: String, factory: any MetricsFactory) {
        let dimensions = [("store", store)]
        commits = Counter(label: "causeway_store_commits_total", dimensions: dimensions, factory: factory)
        writes = Counter(label: "causeway_store_writes_total", dimensions: dimensions, factory: factory)
        fenced = Counter(label: "causeway_store_fenced_total", dimensions: dimensions, factory: factory)
        commitTime = Timer(label: "causeway_store_commit_seconds", dimensions: dimensions, factory: factory)
        var errors: [StoreError.Reason: Counter] = [:]
        for reason in StoreError.Reason.allCases {
            errors[reason] = Counter(
                label: "causeway_store_errors_total",
                dimensions: dimensions + [("reason", reason.rawValue)],
                factory: factory
            )
        }
        self.errors = errors
    }

    /// A group of writes was committed.
    func committed(_ results: [WriteResult], in duration: Duration) {
        let fencedCount = results.count { $0 == .fenced }
        commits.increment()
        writes.increment(by: results.count - fencedCount)
        if fencedCount > 0 { fenced.increment(by: fencedCount) }
        commitTime.record(duration: duration)
    }

    func failed(_ error: StoreError) {
        errors[error.reason]?.increment()
    }
}
