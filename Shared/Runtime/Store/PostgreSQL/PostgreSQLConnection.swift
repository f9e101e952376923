import CPostgreSQL
import Glibc

/// One connection to the server, used without ever blocking inside libpq beyond looking a host name up.
///
/// Confined to the store's thread, which waits here in `poll` and nowhere else. After a failure that is `lost` it is of no
/// more use.
@safe final class PostgreSQLConnection {
    typealias Deadline = ContinuousClock.Instant

    private let handle: OpaquePointer
    private let address: PostgreSQLAddress
    private var prepared: Set<String> = []

    /// Connects, logs in and sets the session up.
    init(_ address: PostgreSQLAddress, by deadline: Deadline) throws(PostgreSQLFailure) {
        guard let handle = unsafe Self.start(address.uri) else { throw .lost("no memory for a connection") }
        unsafe self.handle = handle
        self.address = address
        // Notices go to standard error otherwise.
        unsafe PQsetNoticeReceiver(handle, { _, _ in }, nil)
        // So that a refusal bears its SQLSTATE; there is no other way to it before the session stands.
        unsafe PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        try finishConnecting(by: deadline)
        unsafe PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        unsafe PQsetnonblocking(handle, 1)
        try run(PostgreSQLStatements.session, by: deadline)
    }

    deinit {
        unsafe PQfinish(handle)
    }

    /// What stands before the address may be overridden in it.
    private static func start(_ uri: String) -> OpaquePointer? {
        let options = [
            // A host that swallows packets gives way to the next one of the address.
            ("tcp_user_timeout", "3000"), ("fallback_application_name", "causeway"),
            ("client_encoding", "UTF8"), ("dbname", uri),
        ]
        let keywords = unsafe options.map { unsafe UnsafePointer(strdup($0.0)) } + [nil]
        let values = unsafe options.map { unsafe UnsafePointer(strdup($0.1)) } + [nil]
        defer {
            for index in options.indices {
                unsafe free(UnsafeMutablePointer(mutating: keywords[index]))
                unsafe free(UnsafeMutablePointer(mutating: values[index]))
            }
        }
        return unsafe PQconnectStartParams(keywords, values, 1)
    }

    private func finishConnecting(by deadline: Deadline) throws(PostgreSQLFailure) {
        guard unsafe PQstatus(handle) != CONNECTION_BAD else { throw connectingFailed() }
        var step = PGRES_POLLING_WRITING
        while step != PGRES_POLLING_OK {
            switch step {
            case PGRES_POLLING_READING: try wait(for: POLLIN, by: deadline)
            case PGRES_POLLING_WRITING: try wait(for: POLLOUT, by: deadline)
            default: throw connectingFailed()
            }
            step = unsafe PQconnectPoll(handle)
        }
    }

    private func connectingFailed() -> PostgreSQLFailure {
        let message = unsafe String(cString: PQerrorMessage(handle))
        let text = address.telling(message)
        if unsafe PQconnectionNeedsPassword(handle) != 0 {
            return .refused(state: "28P01", text: text)
        }
        // "… FATAL:  28P01: password authentication failed for user …"
        let state = message.split(separator: ":").lazy.map { $0.drop { $0 == " " } }
            .first {
                $0.utf8.count == 5 && $0.utf8.allSatisfy(Self.isStateOctet) && $0.contains(where: \.isNumber)
            }
        guard let state else { return .lost(text) }
        let refusal = PostgreSQLFailure(state: String(state), text: text)
        // Too many connections, and the like, pass.
        return state.hasPrefix("53") ? .lost(text) : refusal
    }

    private static func isStateOctet(_ octet: UInt8) -> Bool {
        (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet)
    }

    /// Runs a prepared statement, prepared here when it is the first time.
    func execute(
        _ statement: PostgreSQLStatement,
        _ parameters: [PostgreSQLParameter],
        by deadline: Deadline
    ) throws(PostgreSQLFailure) -> PostgreSQLRows {
        if !prepared.contains(statement.name) {
            let types = parameters.map(\.type)
            try sent(unsafe PQsendPrepare(handle, statement.name, statement.sql, Int32(types.count), types))
            _ = try answer(by: deadline)
            prepared.insert(statement.name)
        }
        try sent(send(statement, parameters))
        return try answer(by: deadline)
    }

    /// Runs statements without parameters, as one transaction unless they say otherwise.
    func run(_ script: String, by deadline: Deadline) throws(PostgreSQLFailure) {
        try sent(unsafe PQsendQuery(handle, script))
        _ = try answer(by: deadline)
    }

    /// libpq wants a pointer to each value at once: all lie in one buffer, and a last octet keeps an empty one from being
    /// no pointer, which would be NULL.
    private func send(_ statement: PostgreSQLStatement, _ parameters: [PostgreSQLParameter]) -> Int32 {
        let buffer = parameters.flatMap(\.octets) + [0]
        let lengths = parameters.map { Int32(clamping: $0.octets.count) }
        let formats = [Int32](repeating: 1, count: parameters.count)
        return unsafe buffer.withUnsafeBytes { bytes in
            var values: [UnsafePointer<CChar>?] = unsafe []
            var offset = 0
            for parameter in parameters {
                unsafe values.append(
                    bytes.baseAddress?.advanced(by: offset).assumingMemoryBound(to: CChar.self)
                )
                offset += parameter.octets.count
            }
            let count = Int32(parameters.count)
            return unsafe PQsendQueryPrepared(handle, statement.name, count, values, lengths, formats, 1)
        }
    }

    private func sent(_ status: Int32) throws(PostgreSQLFailure) {
        guard status == 1 else { throw broken() }
    }

    /// Waits for all results of what was sent; the last one, or the first failure.
    private func answer(by deadline: Deadline) throws(PostgreSQLFailure) -> PostgreSQLRows {
        try flush(by: deadline)
        var last: PostgreSQLRows?
        var failure: PostgreSQLFailure?
        while let rows = try nextResult(by: deadline) {
            if let (state, text) = rows.failure, failure == nil {
                failure = PostgreSQLFailure(state: state, text: address.telling(text))
            }
            last = rows
        }
        if let failure { throw failure }
        guard let last else { throw broken() }
        return last
    }

    private func flush(by deadline: Deadline) throws(PostgreSQLFailure) {
        while true {
            let status = unsafe PQflush(handle)
            if status == 0 { return }
            guard status == 1 else { throw broken() }
            // The server may have to be read before it reads on.
            try wait(for: POLLIN | POLLOUT, by: deadline)
            guard unsafe PQconsumeInput(handle) == 1 else { throw broken() }
        }
    }

    private func nextResult(by deadline: Deadline) throws(PostgreSQLFailure) -> PostgreSQLRows? {
        while unsafe PQisBusy(handle) != 0 {
            try wait(for: POLLIN, by: deadline)
            guard unsafe PQconsumeInput(handle) == 1 else { throw broken() }
        }
        return unsafe PQgetResult(handle).map { unsafe PostgreSQLRows($0) }
    }

    private func wait(for events: Int32, by deadline: Deadline) throws(PostgreSQLFailure) {
        var descriptor = pollfd(fd: unsafe PQsocket(handle), events: Int16(events), revents: 0)
        guard descriptor.fd >= 0 else { throw broken() }
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { throw .lost("no answer in time") }
            let status = unsafe poll(&descriptor, 1, Int32(clamping: left.wholeMilliseconds + 1))
            if status > 0 { return }
            guard status == 0 || errno == EINTR else { throw .lost("poll failed: error \(errno)") }
        }
    }

    private func broken() -> PostgreSQLFailure {
        .lost(address.telling(unsafe String(cString: PQerrorMessage(handle))))
    }
}
