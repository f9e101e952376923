import CPostgreSQL

/// Where the database is, as libpq takes it, and what of that must never be told.
struct PostgreSQLAddress: Sendable {
    /// For the one place that connects.
    let uri: String
    private let secrets: [String]

    init(_ uri: String) throws(StoreError) {
        // Not a word of libpq's complaint: it quotes the text, and with it the password.
        let unreadable = StoreError(
            .refused,
            "the store's address cannot be read: expected postgresql://user:password@host:port/database"
        )
        guard uri.hasPrefix("postgresql://") || uri.hasPrefix("postgres://") else { throw unreadable }
        guard let options = unsafe PQconninfoParse(uri, nil) else { throw unreadable }
        defer { unsafe PQconninfoFree(options) }
        var secrets = [uri]
        var next = unsafe options
        while let keyword = unsafe next.pointee.keyword {
            if let value = unsafe next.pointee.val, unsafe Self.isSecret(String(cString: keyword)) {
                unsafe secrets.append(String(cString: value))
            }
            unsafe next += 1
        }
        self.uri = uri
        self.secrets = secrets.filter { !$0.isEmpty }
    }

    private static func isSecret(_ keyword: String) -> Bool {
        keyword == "password" || keyword == "sslpassword"
    }

    /// What libpq or the server says, on one line, without anything secret.
    func telling(_ text: String) -> String {
        var line = text.split(whereSeparator: \.isNewline)
            .filter { !$0.hasPrefix("LOCATION:") }
            .joined(separator: " ")
            .split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        for secret in secrets { line = line.replacing(secret, with: "…") }
        return String(line.prefix(500))
    }
}
