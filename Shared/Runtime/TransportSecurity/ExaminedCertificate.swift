/// What is to be thought of a certificate that a peer showed.
package struct ExaminedCertificate: Hashable, Sendable {
    package var names: CertificateNames
    /// What is wrong with it or with its chain; nil if an authority that we trust vouches for its names.
    package var fault: TLSFault?

    package init(names: CertificateNames, fault: TLSFault? = nil) {
        self.names = names
        self.fault = fault
    }

    package var isTrusted: Bool { fault == nil }
}
