import SIPTransport
import Testing
import TransportSecurity

/// RFC 5922 sections 7.1 and 7.2.
struct DomainIdentitiesTests {
    @Test(arguments: [
        (CertificateNames(dns: ["a.example", "B.Example"]), ["a.example", "b.example"]),
        // URIs of the right kind take precedence over names of the DNS.
        (CertificateNames(dns: ["a.example"], uris: ["sip:b.example"]), ["b.example"]),
        (CertificateNames(uris: ["SIP:B.example;transport=tls", "sip:b.example:5061"]), ["b.example"]),
        // A URI with a user is a person, another scheme is another service: the name of the DNS counts.
        (CertificateNames(dns: ["a.example"], uris: ["sip:juliet@b.example"]), ["a.example"]),
        (CertificateNames(dns: ["a.example"], uris: ["sip:b%40c@d.example"]), ["a.example"]),
        (CertificateNames(dns: ["a.example"], uris: ["sips:b.example", "https://c.example"]), ["a.example"]),
        (CertificateNames(dns: ["a.example"], uris: ["xmpp:b.example", "sip:", "nonsense"]), ["a.example"]),
        // The common name counts only where there are no alternatives at all.
        (CertificateNames(commonName: "c.example", hasAlternatives: false), ["c.example"]),
        (CertificateNames(commonName: "c.example", hasAlternatives: true), []),
        (CertificateNames(commonName: "Verona Telephone", hasAlternatives: false), []),
        // No wildcard of any form.
        (CertificateNames(dns: ["*.a.example", ".a.example", "a.example."]), ["a.example"]),
        (CertificateNames(), []),
    ])
    func `finds the domains that a certificate is for`(_ names: CertificateNames, _ domains: [String]) {
        #expect(DomainIdentities.of(names) == domains)
    }

    @Test(arguments: [
        (CertificateNames(dns: ["a.example"]), "A.Example", true),
        (CertificateNames(dns: ["a.example"]), "a.example.", true),
        (CertificateNames(dns: ["a.example"]), "b.a.example", false),
        (CertificateNames(dns: ["b.a.example"]), "a.example", false),
        (CertificateNames(dns: ["*.a.example"]), "b.a.example", false),
        (CertificateNames(dns: ["a.example"]), "", false),
        (CertificateNames(dns: ["192.0.2.1"]), "192.0.2.1", false),
        (CertificateNames(addresses: [[192, 0, 2, 1]]), "192.0.2.1", true),
        (CertificateNames(addresses: [[192, 0, 2, 1]]), "192.0.2.2", false),
        (CertificateNames(addresses: [[192, 0, 2]]), "192.0.2.0", false),
        (
            CertificateNames(addresses: [[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]]),
            "2001:db8::1", true
        ),
        (CertificateNames(uris: ["sip:192.0.2.1"]), "192.0.2.1", true),
    ])
    func `compares names whole`(_ names: CertificateNames, _ name: String, _ proves: Bool) {
        #expect(DomainIdentities.does(names, prove: name) == proves)
    }
}
