/// The body of the store's thread: does what comes in, in order, and commits neighbouring writes together.
///
/// While one transaction is on its way to the disk the next writes gather, so the busier the store is the larger its
/// groups are, and a lone write never waits for company.
struct StoreWorker {
    /// The most writes of one transaction, unless a single caller brings more.
    static let groupLimit = 1000

    let session: any StoreSession
    let inbox: StoreInbox
    let metrics: StoreMetrics

    /// Works until the inbox is shut and empty.
    func run() {
        while let jobs = inbox.take() {
            var group: [WriteTicket] = []
            var size = 0
            for job in jobs {
                switch job {
                case .write(let ticket):
                    if size + ticket.writes.count > Self.groupLimit {
                        commit(group)
                        group = []
                        size = 0
                    }
                    group.append(ticket)
                    size += ticket.writes.count
                case .call(let call):
                    commit(group)
                    group = []
                    size = 0
                    call.run(session)
                }
            }
            commit(group)
        }
        session.close()
    }

    private func commit(_ group: [WriteTicket]) {
        guard let patience = group.map(\.deadline).max() else { return }
        let start = ContinuousClock.now
        do throws(StoreError) {
            let results = try session.write(group.flatMap(\.writes), by: patience)
            metrics.committed(results, in: start.duration(to: .now))
            var rest = results[...]
            for ticket in group {
                ticket.answer(.success(Array(rest.prefix(ticket.writes.count))))
                rest = rest.dropFirst(ticket.writes.count)
            }
        } catch {
            // One caller's impossible write is not the others' fault.
            if group.count > 1, error.reason == .refused {
                for ticket in group { commit([ticket]) }
                return
            }
            metrics.failed(error)
            for ticket in group { ticket.answer(.failure(error)) }
        }
    }
}
