import BusContract
package import SIPAuthentication
package import SIPGrammar
import SIPRegistration

/// An address that this edge keeps registered, as it was configured.
package struct RegistrationEntry: Hashable, Sendable {
    package var address: SIPURI
    package var registrar: SIPURI
    package var user: String
    package var secret: DigestSecret
    /// In seconds.
    package var expires: UInt32
    /// A proxy that stands before the registrar.
    package var proxy: SIPURI?

    package init(
        address: SIPURI,
        registrar: SIPURI,
        user: String,
        secret: DigestSecret,
        expires: UInt32 = 3_600,
        proxy: SIPURI? = nil
    ) {
        self.address = address
        self.registrar = registrar
        self.user = user
        self.secret = secret
        self.expires = expires
        self.proxy = proxy
    }

    /// What tells its registration from others, on every edge and after every restart.
    var key: ConversationKey { ConversationKey("register \(address)") }

    /// What its machine is told.
    var account: RegistrationAccount {
        // Where the registrar reaches us depends on the way there, which the sending half of the edge finds.
        let contact = SIPURI(.sip, user: address.user, host: .name(SIPContact.placeholder))
        return RegistrationAccount(
            address: address,
            registrar: registrar,
            contact: contact,
            credentials: DigestClient.Account(realm: nil, user: user, secret: secret),
            expires: expires,
            instance: instance,
            route: proxy.map { Self.loose($0) }
        )
    }

    /// `urn:uuid:…`, the same for as long as the address is (RFC 5626 section 4.1).
    private var instance: String {
        var octets = DeliveryID(hashing: Array(key.text.utf8)).octets
        // A name-based UUID with a hash of our own choosing: version 8 (RFC 9562 section 5.8).
        octets[6] = octets[6] & 0x0F | 0x80
        octets[8] = octets[8] & 0x3F | 0x80
        var text = "urn:uuid:"
        for (index, octet) in octets.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (octet < 16 ? "0" : "") + String(octet, radix: 16)
        }
        return text
    }

    private static func loose(_ uri: SIPURI) -> SIPURI {
        var uri = uri
        if !uri.isLooseRouter { uri.parameters.set("lr") }
        return uri
    }
}
