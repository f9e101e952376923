import Testing

/// The laws of a store, each held against every kind of store there is, and what is particular to a kind.
///
/// One PostgreSQL server runs for the whole suite; each test has a schema there, or a file, of its own.
@Suite("The store", .postgreSQLServer)
struct StoreTests {}
