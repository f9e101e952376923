import CPostgreSQL

/// What a statement answered, in binary form; freed with the last reference.
@safe final class PostgreSQLRows {
    private let result: OpaquePointer

    /// Takes the result over.
    init(_ result: OpaquePointer) {
        unsafe self.result = result
    }

    deinit {
        unsafe PQclear(result)
    }

    var count: Int { Int(unsafe PQntuples(result)) }

    /// The SQLSTATE and message when the statement failed.
    var failure: (state: String, text: String)? {
        switch unsafe PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return nil
        default:
            let state = unsafe causeway_pq_state(result).map { unsafe String(cString: $0) }
            let text = unsafe causeway_pq_message(result).map { unsafe String(cString: $0) }
            // Without a SQLSTATE libpq itself gave up: the connection broke.
            return (
                state ?? "08006",
                text ?? (unsafe PQresultErrorMessage(result).map { unsafe String(cString: $0) }) ?? ""
            )
        }
    }

    func octets(_ row: Int, _ column: Int) -> [UInt8] {
        guard let start = unsafe PQgetvalue(result, Int32(row), Int32(column)) else { return [] }
        let count = Int(unsafe PQgetlength(result, Int32(row), Int32(column)))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    func text(_ row: Int, _ column: Int) -> String { String(decoding: octets(row, column), as: UTF8.self) }

    /// A smallint, integer, bigint or boolean.
    func integer(_ row: Int, _ column: Int) -> Int64 {
        let octets = octets(row, column)
        let start: Int64 = (octets.first ?? 0) >= 0x80 ? -1 : 0
        return octets.reduce(start) { $0 << 8 | Int64($1) }
    }
}
