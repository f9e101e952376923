/// A statement that is prepared once a connection, under its name.
struct PostgreSQLStatement {
    let name: String
    let sql: String

    init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }
}
