/// Where a certificate, its key and the authorities to trust are.
package struct TLSFiles: Hashable, Sendable {
    package let certificate: String?
    package let key: String?
    package let trust: Trust

    package init(certificate: String?, key: String?, trust: Trust) {
        self.certificate = certificate
        self.key = key
        self.trust = trust
    }

    /// Whose certificates are believed.
    package enum Trust: Hashable, Sendable {
        /// The operating system's authorities.
        case system
        /// Those of a PEM file.
        case file(String)
    }
}
