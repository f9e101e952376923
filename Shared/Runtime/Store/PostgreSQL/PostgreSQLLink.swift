import Logging

/// Keeps one connection, makes it anew when it breaks, and asks again what was under way.
///
/// Confined to the store's thread.
final class PostgreSQLLink {
    typealias Deadline = ContinuousClock.Instant

    /// How long one statement may take; a server that is silent for longer is given up.
    private static let answerTime = Duration.seconds(6)
    /// How long connecting may take, over all hosts of the address.
    private static let connectTime = Duration.seconds(10)
    private static let pauses = (first: Duration.milliseconds(50), last: Duration.seconds(2))

    private let address: PostgreSQLAddress
    private let inbox: StoreInbox
    private let logger: Logger
    private var connection: PostgreSQLConnection?
    /// Behind the connection, or behind the last one.
    private var former: PostgreSQLBackend?
    private var pause = PostgreSQLLink.pauses.first
    private var nextAttempt = ContinuousClock.now
    /// Why there is no connection, once that has been logged.
    private var loss: PostgreSQLFailure?

    init(address: PostgreSQLAddress, inbox: StoreInbox, logger: Logger) {
        self.address = address
        self.inbox = inbox
        self.logger = logger
    }

    /// Does `body` over a connection, again over the next one when it breaks, until the deadline.
    ///
    /// `body` is told until when the server must have answered, and may be done more than once.
    func perform<Answer>(
        by deadline: Deadline,
        within limit: Duration = answerTime,
        _ body: (PostgreSQLConnection, Deadline) throws(PostgreSQLFailure) -> Answer
    ) throws(StoreError) -> Answer {
        while true {
            let connection = try connected(by: deadline)
            do throws(PostgreSQLFailure) {
                return try body(connection, .now + limit)
            } catch {
                if error.endsConnection { lose(error) }
                guard self.connection == nil || error.isPassing, ContinuousClock.now < deadline else {
                    throw error.storeError
                }
            }
        }
    }

    func close() {
        connection = nil
    }

    private func lose(_ failure: PostgreSQLFailure) {
        connection = nil
        guard loss == nil else { return }
        loss = failure
        logger.warning("the store is out of reach", metadata: ["reason": "\(failure.storeError.text)"])
    }

    private func connected(by deadline: Deadline) throws(StoreError) -> PostgreSQLConnection {
        if let connection { return connection }
        while true {
            guard nextAttempt <= max(deadline, .now) else {
                guard inbox.pause(until: deadline) else { throw .closed }
                throw (loss ?? .lost("no connection")).storeError
            }
            guard inbox.pause(until: nextAttempt) else { throw .closed }
            do throws(PostgreSQLFailure) {
                let limit = ContinuousClock.now + Self.connectTime
                let made = try PostgreSQLConnection(address, by: limit)
                try former?.end(over: made, by: limit)
                former = try PostgreSQLBackend(of: made, by: limit)
                if loss != nil { logger.notice("the store is back") }
                loss = nil
                pause = Self.pauses.first
                connection = made
                return made
            } catch {
                lose(error)
                loss = error
                nextAttempt = .now + pause
                pause = min(pause * 2, Self.pauses.last)
                guard error.endsConnection, ContinuousClock.now < deadline else { throw error.storeError }
            }
        }
    }
}
