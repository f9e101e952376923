import SIPAuthentication
import SIPEdge
import SIPGrammar
import Settings
import Telemetry

/// Who proves who he is, to us and by us.
extension SIPEdgeConfiguration {
    /// Takes what the settings say of accounts, credentials, registrations, static routes and the rate of one user.
    mutating func identify(by settings: Settings) throws(SettingsError) {
        access.realm = settings.sip.realm ?? settings.domains.first ?? ""
        access.accounts = settings.sip.accounts.compactMap { SIPAccount($0, domains: settings.domains) }
        nonceKey = settings.sip.nonceSecret.map { Array($0.revealed.utf8) } ?? Self.randomKey()
        ratePerUser = Int(settings.limits.perUserRate.perSecond.rounded(.up))
        routes = settings.sip.routes.compactMapValues { SIPURI("\($0)") }
        let usual = settings.usualAskers
        credentials = settings.sip.credentials.map {
            DigestClient.Account(
                realm: $0.realm,
                user: $0.user,
                secret: DigestSecret(password: $0.password.revealed),
                peers: $0.hosts.isEmpty ? usual.union([$0.realm.lowercased()]) : Set($0.hosts)
            )
        }
        registrations = try settings.sip.registrations.map { entry throws(SettingsError) in
            try RegistrationEntry(entry)
        }
    }

    private static func randomKey() -> [UInt8] {
        (0..<32).map { _ in UInt8.random(in: .min ... .max) }
    }
}

extension Settings {
    /// The hosts that may ask who we are where nothing else is said: those that an operator has sent us to.
    fileprivate var usualAskers: Set<String> {
        Set(domains + sip.routes.values.map(\.host) + (sip.outboundProxy.map { [$0.host] } ?? []))
    }
}

extension SIPAccount {
    /// Nil for a hash that is none, which the settings do not let through.
    fileprivate init?(_ account: SIPAccountEntry, domains: [String]) {
        let secret =
            account.password.map { DigestSecret(password: $0.revealed) }
            ?? account.hash.flatMap { DigestSecret(hashed: $0.revealed) }
        guard let secret else { return nil }
        let own = account.user.contains("@") ? [account.user] : domains.map { "\(account.user)@\($0)" }
        let identities = (account.from.isEmpty ? own : account.from).compactMap { text -> Identity? in
            guard text.contains("@") else { return .domain(text) }
            return SIPURI("sip:\(text)").map { .address($0) }
        }
        self.init(user: account.user, secret: secret, identities: identities)
    }
}

extension RegistrationEntry {
    fileprivate init(_ entry: SIPRegistrationEntry) throws(SettingsError) {
        self.init(
            address: try Self.uri("\(entry.address)"),
            registrar: try Self.uri("\(entry.registrar)"),
            user: entry.user,
            secret: DigestSecret(password: entry.password.revealed),
            expires: UInt32(clamping: entry.expires.components.seconds),
            proxy: try entry.proxy.map { proxy throws(SettingsError) in try Self.uri("\(proxy)") }
        )
    }

    private static func uri(_ text: String) throws(SettingsError) -> SIPURI {
        guard let uri = SIPURI(text) else {
            throw SettingsError(.badValue, key: "sip.register", value: text, expected: "a SIP URI")
        }
        return uri
    }
}
