extension SIPEdge {
    /// How much is under way.
    package struct Load: Hashable, Sendable {
        /// Requests that came in and wait for their outcome.
        package var pending = 0
        /// Answers that may have to be given again.
        package var remembered = 0
        /// Requests that went out and wait for their answer.
        package var outstanding = 0
        /// Requests that wait to go out.
        package var waiting = 0
        package var connections = 0

        package init(
            pending: Int = 0,
            remembered: Int = 0,
            outstanding: Int = 0,
            waiting: Int = 0,
            connections: Int = 0
        ) {
            self.pending = pending
            self.remembered = remembered
            self.outstanding = outstanding
            self.waiting = waiting
            self.connections = connections
        }

        package var isIdle: Bool { pending == 0 && outstanding == 0 && waiting == 0 }
    }
}
