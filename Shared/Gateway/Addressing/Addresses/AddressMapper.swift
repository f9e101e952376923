import Octets

/// Which address of one side is which of the other (MAPPING section 1; RFC 7247 section 6).
///
/// ```
/// sip:f%C3%BC@sip.example          <->  fü@sip.example
/// sip:o'malley@sip.example         <->  o\27malley@sip.example
/// sip:foo@sip.example;gr=bar       <->  foo@sip.example/bar
/// sip:sip.example                  <->  sip.example
/// ```
/// What is equal on the SIP side is equal on the XMPP side; the other way only up to case, which ``SpellingMemory``
/// makes up for.
public struct AddressMapper: Hashable, Sendable {
    /// Domains behind which is a telephone network: numbers there get `;user=phone` (MAPPING 1.6).
    public var pstnDomains: Set<String>
    /// The domain that `tel:` numbers belong to; without one they cannot be mapped.
    public var telDomain: String?
    /// IP addresses that may stand for a domain (MAPPING 1.7); no other is ever mapped.
    public var ipHosts: Set<String>
    /// Hosts whose `sips:` addresses are mapped all the same, by the operator's agreement (MAPPING 1.1).
    public var secureDomains: Set<String>

    public init(
        pstnDomains: Set<String> = [],
        telDomain: String? = nil,
        ipHosts: Set<String> = [],
        secureDomains: Set<String> = []
    ) {
        self.pstnDomains = pstnDomains
        self.telDomain = telDomain
        self.ipHosts = ipHosts
        self.secureDomains = secureDomains
    }

    /// The octets that a SIP user part has without escapes (RFC 3261 section 25.1 `user`).
    static let userOctets = OctetSet.alphanumeric.union(OctetSet("-_.!~*'()&=+$,;?/"))
    /// The octets that the user part of `im:` and `pres:` has without escapes (RFC 7247 section 6.5 step 5).
    static let plainUserOctets = userOctets.subtracting(OctetSet("(),.;"))
    /// The octets that a URI parameter's value has without escapes (RFC 3261 section 25.1 `paramchar`).
    static let parameterOctets = OctetSet.alphanumeric.union(OctetSet("-_.!~*'()[]/:&+$"))
}
