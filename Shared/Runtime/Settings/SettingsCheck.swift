/// What no key can know alone: values that are each right and do not go together.
struct SettingsCheck {
    private let settings: Settings
    private let layers: Layers

    init(_ settings: Settings, _ layers: Layers) {
        self.settings = settings
        self.layers = layers
    }

    func run() throws(SettingsError) {
        try checkDomains()
        try checkComponents()
        try checkAdvertised()
        try checkListeners()
        try checkCertificates()
        try checkLimits()
        try checkAccounts()
        // Who subscribes twice to one broker hears everything twice.
        try checkUnique(settings.bus.connect.map(\.description), "bus.connect")
    }

    private func checkDomains() throws(SettingsError) {
        try checkUnique(settings.domains, "domains")
        try checkUnique(settings.xmppDomains, "xmpp-domains")
        let sip = Set(settings.domains)
        if let both = settings.xmppDomains.first(where: sip.contains) {
            throw conflict(
                "xmpp-domains",
                both,
                "a domain that is not in domains: it is native to SIP or to XMPP, not both"
            )
        }
        guard let rooms = settings.rooms.sip else { return }
        if sip.contains(rooms) || settings.xmppDomains.contains(rooms) {
            throw conflict("rooms.sip", rooms, "a host of its own, not one of domains or xmpp-domains")
        }
    }

    /// A component is a link for one of our own domains: anything else would never be sent anything.
    private func checkComponents() throws(SettingsError) {
        try checkUnique(settings.xmpp.components.map(\.domain), "xmpp.components")
        let ours = settings.domains + (settings.rooms.sip.map { [$0] } ?? [])
        for component in settings.xmpp.components {
            let domain = component.domain
            if settings.xmppDomains.contains(domain) {
                throw conflict("xmpp.components", domain, "a SIP domain, not one of xmpp-domains")
            }
            guard ours.contains(where: { domain == $0 || domain.hasSuffix("." + $0) }) else {
                throw conflict("xmpp.components", domain, "one of domains, a host below one, or rooms.sip")
            }
        }
    }

    private func checkAccounts() throws(SettingsError) {
        let sip = settings.sip
        try checkUnique(sip.accounts.map(\.user), "sip.accounts")
        try checkUnique(sip.credentials.map { "\($0.realm) \($0.user)" }, "sip.credentials")
        try checkUnique(sip.registrations.map(\.address.description), "sip.register")
        guard let account = sip.accounts.first, settings.sip.realm == nil, settings.domains.isEmpty else {
            return
        }
        throw conflict("sip.accounts", account.user, "sip.realm or domains beside it")
    }

    private func checkAdvertised() throws(SettingsError) {
        let advertised = [
            ("sip.advertise", settings.sip.advertise),
            ("media.msrp.advertise", settings.media.msrpAdvertise),
            ("media.bytestreams.advertise", settings.media.bytestreamsAdvertise),
        ]
        for case (let key, let host?) in advertised where IPAddress(host)?.isUnspecified == true {
            throw conflict(key, host, "a host that others can reach, not every address of this one")
        }
    }

    private func checkCertificates() throws(SettingsError) {
        let files = settings.tls.usual
        if let certificate = files.certificate, files.key == nil {
            throw conflict("tls.certificate", certificate, "tls.key beside it")
        }
        if let key = files.key, files.certificate == nil {
            throw conflict("tls.key", key, "tls.certificate beside it")
        }
    }

    private func checkLimits() throws(SettingsError) {
        let presence = settings.presence
        try checkOrder("presence.min-expires", presence.minExpires, "presence.expires", presence.expires)
        try checkOrder("presence.expires", presence.expires, "presence.max-expires", presence.maxExpires)
        try checkOrder("presence.retry-first", presence.retryFirst, "presence.retry-most", presence.retryMost)
        try checkOrder(
            "calls.min-se",
            settings.calls.minSE,
            "calls.session-expires",
            settings.calls.sessionExpires
        )
        try checkOrder(
            "calls.trickle-quiet",
            settings.calls.trickleQuiet,
            "calls.trickle-cap",
            settings.calls.trickleCap
        )
    }

    /// Every address that one process would bind, once.
    ///
    /// Only what the operator wrote is compared: a service of its own does not bind the others' defaults.
    private func checkListeners() throws(SettingsError) {
        var bound: [Listener] = settings.sip.listen.map { Listener("sip.listen", $0) }
        bound += settings.xmpp.listen.map { Listener("xmpp.listen", $0) }
        bound += settings.media.msrpListen.map { Listener("media.msrp.listen", $0) }
        bound += settings.media.bytestreamsListen.map { [Listener("media.bytestreams.listen", $0)] } ?? []
        bound += settings.console.listen.map { [Listener("console.listen", $0)] } ?? []
        bound.removeAll { !layers.keys.contains($0.key) }
        for (index, listener) in bound.enumerated() {
            guard let other = bound[..<index].first(where: { $0.collides(with: listener) }) else { continue }
            throw conflict(listener.key, listener.text, "an address apart from \(other.text) of \(other.key)")
        }
    }

    private func checkUnique(_ values: [String], _ key: String) throws(SettingsError) {
        var seen: Set<String> = []
        for value in values where !seen.insert(value).inserted {
            throw SettingsError(
                .duplicateKey,
                key: key,
                value: value,
                expected: "it once",
                origin: layers.origin(of: key)
            )
        }
    }

    private func checkOrder(
        _ less: String,
        _ lesser: Duration,
        _ more: String,
        _ greater: Duration
    ) throws(SettingsError) {
        guard lesser > greater else { return }
        // The one that was set is the one to blame.
        let key = layers.keys.contains(less) ? less : more
        let (value, relation, bound) =
            key == less ? (lesser, "at most \(more)", greater) : (greater, "at least \(less)", lesser)
        throw conflict(key, DurationText.write(value), "\(relation), which is \(DurationText.write(bound))")
    }

    private func conflict(_ key: String, _ value: String, _ expected: String) -> SettingsError {
        SettingsError(.conflict, key: key, value: value, expected: expected, origin: layers.origin(of: key))
    }
}
