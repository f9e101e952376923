package import SIPAuthentication
package import SIPGrammar
package import SIPTransactions
package import SIPTransport
package import TransportSecurity

/// What a SIP edge is told before it starts.
package struct SIPEdgeConfiguration: Sendable {
    package var listen: [SIPEndpoint]
    /// The host to write into Via; nil writes the listener's address.
    package var advertise: SIPHost?
    /// Where requests for ``domains`` go; nil goes by DNS (RFC 3263).
    package var outboundProxy: SIPURI?
    /// Where requests for other domains go, by domain or `*.suffix`; before ``outboundProxy`` and DNS.
    package var routes: [String: SIPURI]
    /// How long targets that failed stand back, and how many are asked whether they live.
    package var targets: TargetMemory.Limits
    /// Who may cross, and who is believed.
    package var access: AccessRules
    /// Requests that one address may send in a second, if it is nobody's whom we trust; nil sets no limit.
    package var ratePerAddress: Int?
    /// Requests that one believed sender may send in a second; nil sets no limit.
    package var ratePerUser: Int?
    /// What digest nonces are made with: the same on every replica, or a random one.
    package var nonceKey: [UInt8]
    /// Who we are to those who ask.
    package var credentials: [DigestClient.Account]
    /// The addresses that are kept registered.
    package var registrations: [RegistrationEntry]
    package var transport: TransportLimits
    /// Our certificates and whom we trust; nil where there is no TLS.
    package var security: TLSKeeper?
    package var timing: TransactionTiming
    /// How long a request may wait for its outcome, well below Timer F.
    package var patience: Duration
    package var queue: QueueLimits
    /// The largest request that goes by UDP when it need not (RFC 3261 section 18.1.1).
    package var largestDatagram: Int
    /// How many completed server transactions are remembered at most; each takes some 48 octets.
    package var rememberedTransactions: Int

    package init(
        listen: [SIPEndpoint],
        advertise: SIPHost? = nil,
        outboundProxy: SIPURI? = nil,
        routes: [String: SIPURI] = [:],
        targets: TargetMemory.Limits = TargetMemory.Limits(),
        access: AccessRules = AccessRules(),
        ratePerAddress: Int? = 200,
        ratePerUser: Int? = nil,
        nonceKey: [UInt8] = [],
        credentials: [DigestClient.Account] = [],
        registrations: [RegistrationEntry] = [],
        transport: TransportLimits = TransportLimits(),
        timing: TransactionTiming = TransactionTiming(),
        patience: Duration = .seconds(20),
        queue: QueueLimits = QueueLimits(),
        largestDatagram: Int = 1_300,
        rememberedTransactions: Int = 524_288
    ) {
        self.listen = listen
        self.advertise = advertise
        self.outboundProxy = outboundProxy
        self.routes = routes
        self.targets = targets
        self.access = access
        self.ratePerAddress = ratePerAddress
        self.ratePerUser = ratePerUser
        self.nonceKey = nonceKey
        self.credentials = credentials
        self.registrations = registrations
        self.transport = transport
        self.timing = timing
        self.patience = patience
        self.queue = queue
        self.largestDatagram = largestDatagram
        self.rememberedTransactions = rememberedTransactions
    }
}

/// Who may send what through the gateway; changes while it runs.
package struct AccessRules: Hashable, Sendable {
    /// Domains that are native here, in lower case: their users may write to any foreign domain.
    package var domains: Set<String>
    /// Domains of the other side that are reached through us by anyone whose identity is verified.
    package var foreignDomains: Set<String>
    /// Peers that are believed about From and P-Asserted-Identity (RFC 3325).
    package var trusted: [IPNetwork]
    /// Who may prove by digest who he is.
    package var accounts: [SIPAccount]
    /// What they are asked to prove it for.
    package var realm: String

    package init(
        domains: Set<String> = [],
        foreignDomains: Set<String> = [],
        trusted: [IPNetwork] = IPNetwork.loopback,
        accounts: [SIPAccount] = [],
        realm: String = ""
    ) {
        self.domains = domains
        self.foreignDomains = foreignDomains
        self.trusted = trusted
        self.accounts = accounts
        self.realm = realm
    }

    /// Whether an address is a peer that is believed.
    package func trusts(_ address: IPAddress) -> Bool {
        trusted.contains { $0.contains(address) }
    }
}

/// How much waits for one target (RFC 3428 section 8 lets one MESSAGE be outstanding).
package struct QueueLimits: Hashable, Sendable {
    package var entries: Int
    package var age: Duration
    /// Requests that are waiting or outstanding for all targets together.
    package var total: Int

    package init(entries: Int = 100, age: Duration = .seconds(60), total: Int = 16_384) {
        self.entries = entries
        self.age = age
        self.total = total
    }
}
