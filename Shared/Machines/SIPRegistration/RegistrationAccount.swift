public import SIPAuthentication
public import SIPGrammar

/// Who registers where (RFC 3261 section 10.2).
public struct RegistrationAccount: Hashable, Sendable {
    /// The address-of-record.
    public var address: SIPURI
    /// Where REGISTER goes; without a user part.
    public var registrar: SIPURI
    /// What is to be bound to the address: where requests for it are sent.
    public var contact: SIPURI
    /// Who we are to the registrar.
    public var credentials: DigestClient.Account
    /// The lifetime that is asked for, in seconds.
    public var expires: UInt32
    /// Names this gateway among whoever else registers the address: `urn:uuid:…` (RFC 5626 section 4.1); nil asks for no
    /// GRUU.
    public var instance: String?
    /// A proxy that stands before the registrar.
    public var route: SIPURI?

    public init(
        address: SIPURI,
        registrar: SIPURI,
        contact: SIPURI,
        credentials: DigestClient.Account,
        expires: UInt32 = 3_600,
        instance: String? = nil,
        route: SIPURI? = nil
    ) {
        self.address = address
        self.registrar = registrar
        self.contact = contact
        self.credentials = credentials
        self.expires = expires
        self.instance = instance
        self.route = route
    }

    /// The host that requests for the registrar go to.
    var peer: String { (route ?? registrar).host.text }
}

/// What a registrar has granted.
public struct RegistrationBinding: Hashable, Sendable {
    /// For how many seconds from now.
    public var expires: UInt32
    /// What requests from this address-of-record take as their Route (RFC 3608).
    public var serviceRoute: [SIPNameAddress]
    /// The proxies between us and the registrar that have asked to be passed (RFC 3327).
    public var path: [SIPNameAddress]
    /// A URI that reaches this gateway from anywhere (RFC 5627 section 4.2).
    public var publicGRUU: SIPURI?

    public init(
        expires: UInt32,
        serviceRoute: [SIPNameAddress] = [],
        path: [SIPNameAddress] = [],
        publicGRUU: SIPURI? = nil
    ) {
        self.expires = expires
        self.serviceRoute = serviceRoute
        self.path = path
        self.publicGRUU = publicGRUU
    }

    /// Reads the 2xx that answers a REGISTER; nil if our contact is not bound.
    init?(_ response: SIPResponse, _ account: RegistrationAccount, asked: UInt32) {
        let headers = response.headers
        let contacts = (try? headers.contacts()) ?? []
        // COMPAT: registrars that leave Contact out mean ours.
        let bound = Self.own(contacts, account)
        guard bound != nil || contacts.isEmpty else { return nil }
        let granted = bound?.parameters.value("expires").flatMap { UInt32($0) }
        let expires = granted ?? (try? headers.expires()) ?? asked
        guard expires > 0 else { return nil }
        self.init(
            expires: expires,
            serviceRoute: (try? headers.addresses(.serviceRoute)) ?? [],
            path: (try? headers.addresses(.path)) ?? [],
            publicGRUU: bound?.parameters.text("pub-gruu").flatMap { SIPURI($0) }
        )
    }

    /// Our contact among all that are bound: the same URI, else our instance, else the only one of our user.
    ///
    /// Whoever sends the request may have filled in where we are reached, and registrars write it anew.
    private static func own(_ contacts: [SIPNameAddress], _ account: RegistrationAccount) -> SIPNameAddress? {
        let ours = contacts.filter { contact in
            guard case .sip(let uri) = contact.uri else { return false }
            return uri.decodedUser == account.contact.decodedUser
        }
        let same = ours.first { contact in
            guard case .sip(let uri) = contact.uri else { return false }
            return uri.isEquivalent(to: account.contact)
        }
        if let same { return same }
        if let instance = account.instance.map({ "<\($0)>" }),
            let named = ours.first(where: { $0.parameters.text("+sip.instance") == instance })
        {
            return named
        }
        return ours.count == 1 ? ours[0] : nil
    }
}
