/// The whole configuration, checked: what every service takes its own part from.
///
/// It comes from one YAML file, overridden by environment variables, overridden by flags; see ``load(file:environment:arguments:)``.
/// Each section declares its keys where it reads them (``KeyReader``), so ``keys`` and ``reference()`` are the truth.
package struct Settings: Hashable, Sendable {
    /// SIP-native domains: the gateway is their XMPP service.
    package let domains: [String]
    /// XMPP-native domains: the gateway is their SIP service.
    package let xmppDomains: [String]
    package let sip: SIP
    package let xmpp: XMPP
    package let tls: TLS
    package let media: Media
    package let im: IM
    package let presence: Presence
    package let rooms: Rooms
    package let calls: Calls
    package let files: Files
    package let bus: Bus
    package let store: StoreAddress
    package let console: Console
    package let health: Health
    package let dns: DNS
    package let limits: Limits
    package let log: Log
    package let shutdown: Shutdown
    /// The keys that the operator set, wherever.
    package let keysSet: Set<String>
}

extension Settings {
    /// The keys that the operator set and this version does nothing with, sorted, for one line of the log.
    package var keysWithoutEffect: [String] {
        Self.keys.filter { !$0.hasEffect && keysSet.contains($0.name) }.map(\.name).sorted()
    }

    /// Every key there is, in the order of the reference.
    package static let keys: [KeyDefinition] = {
        var reader = KeyReader(Layers([]))
        do {
            _ = try Settings(&reader)
        } catch {
            preconditionFailure("a default does not have its own form: \(error)")
        }
        return reader.definitions
    }()

    init(_ keys: inout KeyReader) throws(SettingsError) {
        domains = try keys.list(
            "domains",
            of: .domain,
            "SIP-native domains: the gateway is their XMPP service; their users may write to any XMPP domain"
        )
        xmppDomains = try keys.list(
            "xmpp-domains",
            of: .domain,
            "XMPP-native domains whose SIP DNS points here: the gateway is their SIP service, for SIP users from anywhere"
        )
        sip = try SIP(&keys)
        xmpp = try XMPP(&keys)
        tls = try TLS(&keys)
        media = try Media(&keys)
        im = try IM(&keys)
        presence = try Presence(&keys)
        rooms = try Rooms(&keys)
        calls = try Calls(&keys)
        files = try Files(&keys)
        bus = try Bus(&keys)
        store = try keys.value(
            "store",
            .store,
            default: "sqlite:causeway.db",
            "where replicas share out the work and conversations are kept: sqlite:FILE for one host, postgresql://user@host/db for many"
        )
        console = try Console(&keys)
        health = try Health(&keys)
        dns = try DNS(&keys)
        limits = try Limits(&keys)
        log = try Log(&keys)
        shutdown = try Shutdown(&keys)
        keysSet = keys.keysSet
    }
}
