package import Telemetry

/// Somebody who proves by digest who he is (`sip.accounts`).
package struct SIPAccountEntry: Hashable, Sendable {
    package let user: String
    package let password: Secret?
    /// `H(user:realm:password)` in hexadecimal digits, where the password is not to be written down.
    package let hash: Secret?
    /// Domains, or addresses without a scheme, that may stand in From.
    package let from: [String]

    package init(user: String, password: Secret?, hash: Secret?, from: [String]) {
        self.user = user
        self.password = password
        self.hash = hash
        self.from = from
    }
}

/// Who we are to those who ask us to prove it (`sip.credentials`).
package struct SIPCredentialEntry: Hashable, Sendable {
    package let realm: String
    package let user: String
    package let password: Secret
    /// The hosts that may ask.
    package let hosts: [String]

    package init(realm: String, user: String, password: Secret, hosts: [String]) {
        self.realm = realm
        self.user = user
        self.password = password
        self.hosts = hosts
    }
}

/// An address that we keep registered (`sip.register`).
package struct SIPRegistrationEntry: Hashable, Sendable {
    package let address: SIPAddress
    package let registrar: NextHop
    package let user: String
    package let password: Secret
    package let expires: Duration
    /// What REGISTER passes on its way to the registrar.
    package let proxy: NextHop?

    package init(
        address: SIPAddress,
        registrar: NextHop,
        user: String,
        password: Secret,
        expires: Duration,
        proxy: NextHop?
    ) {
        self.address = address
        self.registrar = registrar
        self.user = user
        self.password = password
        self.expires = expires
        self.proxy = proxy
    }
}
