import Telemetry

/// Who proves who he is to us, and we to whom.
extension Settings.SIP {
    static func accounts(_ keys: inout KeyReader) throws(SettingsError) -> [SIPAccountEntry] {
        let key = "sip.accounts"
        let rows = try keys.records(
            key,
            fields: ["user", "password", "hash", "from"],
            "who may prove by digest who they are; `from`: domains or addresses that they may be, default: USER at any of `domains`"
        )
        var accounts: [SIPAccountEntry] = []
        for (number, row) in rows.enumerated() {
            let path = "\(key)[\(number)]"
            let user = try need("user", .digestUser, row, path, key, "the name that is asked for", keys)
            let password = try keys.field("password", .secret, of: row, at: path, in: key)
            let hash = try keys.field("hash", .digestHash, of: row, at: path, in: key)
            guard (password == nil) != (hash == nil) else {
                throw keys.missing("password", at: path, in: key, "either password or hash")
            }
            let from = try keys.field("from", .senders, of: row, at: path, in: key) ?? []
            accounts.append(SIPAccountEntry(user: user, password: password, hash: hash, from: from))
        }
        return accounts
    }

    static func credentials(_ keys: inout KeyReader) throws(SettingsError) -> [SIPCredentialEntry] {
        let key = "sip.credentials"
        let rows = try keys.records(
            key,
            fields: ["realm", "user", "password", "hosts"],
            "who we are where a SIP peer asks; `hosts`: next hops that may ask, default: `sip.outbound-proxy`, `sip.routes`, `domains` and the realm"
        )
        var credentials: [SIPCredentialEntry] = []
        for (number, row) in rows.enumerated() {
            let path = "\(key)[\(number)]"
            credentials.append(
                SIPCredentialEntry(
                    realm: try need(
                        "realm",
                        .realm,
                        row,
                        path,
                        key,
                        "the realm of the peer's challenge",
                        keys
                    ),
                    user: try need("user", .digestUser, row, path, key, "the name that the peer knows", keys),
                    password: try need("password", .secret, row, path, key, "the password", keys),
                    hosts: try keys.field("hosts", .hosts, of: row, at: path, in: key) ?? []
                )
            )
        }
        return credentials
    }

    static func registrations(_ keys: inout KeyReader) throws(SettingsError) -> [SIPRegistrationEntry] {
        let key = "sip.register"
        let rows = try keys.records(
            key,
            fields: ["address", "registrar", "user", "password", "expires", "proxy"],
            "addresses that are kept registered at a trunk; `registrar`: default the address's host, `user`: default the address's"
        )
        var entries: [SIPRegistrationEntry] = []
        for (number, row) in rows.enumerated() {
            let path = "\(key)[\(number)]"
            let address = try need("address", .sipAddress, row, path, key, "the address to register", keys)
            let registrar = try keys.field(
                "registrar",
                .nextHop,
                of: row,
                at: path,
                in: key,
                default: registrar(of: address)
            )
            let expires = try keys.field(
                "expires",
                .duration(.seconds(60)...(.seconds(7 * 86_400))),
                of: row,
                at: path,
                in: key,
                default: "1h"
            )
            guard let registrar, let expires else { continue }
            entries.append(
                SIPRegistrationEntry(
                    address: address,
                    registrar: registrar,
                    user: try keys.field("user", .digestUser, of: row, at: path, in: key) ?? address.user,
                    password: try need("password", .secret, row, path, key, "the password", keys),
                    expires: expires,
                    proxy: try keys.field("proxy", .nextHop, of: row, at: path, in: key)
                )
            )
        }
        return entries
    }

    private static func registrar(of address: SIPAddress) -> String {
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        return "\(address.isSecure ? "sips" : "sip"):\(host)\(address.port.map { ":\($0)" } ?? "")"
    }

    private static func need<Value>(
        _ field: String,
        _ form: ValueForm<Value>,
        _ row: [String: String],
        _ path: String,
        _ key: String,
        _ expected: String,
        _ keys: KeyReader
    ) throws(SettingsError) -> Value {
        guard let value = try keys.field(field, form, of: row, at: path, in: key) else {
            throw keys.missing(field, at: path, in: key, expected)
        }
        return value
    }
}

extension ValueForm<String> {
    /// A name that digests are made of; a colon would end it.
    static var digestUser: Self {
        Self("user", "a user's name without a colon") { $0.isEmpty || $0.contains(":") ? nil : $0 }
    }

    static var realm: Self { Self("realm", "a realm, not empty") { $0.isEmpty ? nil : $0 } }
}

extension ValueForm<Secret> {
    static var digestHash: Self {
        Self("hash", "32 (MD5) or 64 (SHA-256) hexadecimal digits of user:realm:password", isSecret: true) {
            let isRight = ($0.utf8.count == 32 || $0.utf8.count == 64) && $0.allSatisfy(\.isHexDigit)
            return isRight ? Secret($0) : nil
        }
    }
}

extension ValueForm<SIPAddress> {
    static var sipAddress: Self {
        Self("address", "a SIP address such as sip:gateway@trunk.example") { SIPAddress($0) }
    }
}

extension ValueForm<[String]> {
    /// Domains, or addresses without a scheme; commas or blanks between them.
    static var senders: Self {
        Self("senders", "domains or addresses such as sip.example or romeo@sip.example") {
            Self.parts($0) { part in
                guard part.contains("@") else { return HostName.domain(part) }
                return SIPAddress(part).map { "\($0.user)@\($0.host)" }
            }
        }
    }

    static var hosts: Self {
        Self("hosts", "host names or addresses such as proxy.trunk.example") {
            Self.parts($0) { HostName.canonical($0) }
        }
    }

    private static func parts(_ text: String, _ read: (String) -> String?) -> [String]? {
        var values: [String] = []
        for part in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            guard let value = read(String(part)) else { return nil }
            values.append(value)
        }
        return values.isEmpty ? nil : values
    }
}
