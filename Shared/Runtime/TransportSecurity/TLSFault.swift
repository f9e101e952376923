/// Why a connection is not secure, in words that lead an administrator to the cause.
package struct TLSFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of fault it is: a label for what is counted.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        case expired
        case notYetValid = "not-yet-valid"
        case selfSigned = "self-signed"
        case unknownAuthority = "unknown-authority"
        /// The chain breaks a rule of RFC 5280.
        case chain
        /// The certificate is for other purposes (RFC 5280 section 4.2.1.12).
        case purpose
        case wrongName = "wrong-name"
        case noCertificate = "no-certificate"
        case unreadable
        /// The peer does not speak TLS, or no version or cipher that we do.
        case handshake
        case timeout
        /// The peer went away before the handshake had ended.
        case closed
    }

    package var reason: Reason
    package var text: String

    package init(_ reason: Reason, _ text: String) {
        self.reason = reason
        self.text = text
    }

    package var description: String { text }
}
