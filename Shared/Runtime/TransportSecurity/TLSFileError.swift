/// A certificate, key or list of authorities that cannot be used; one line that names the key of the configuration and
/// the file.
package struct TLSFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `tls.certificate`, `tls.domains.sip.example.trust`.
    package var key: String
    package var file: String
    package var reason: String

    package init(key: String, file: String, reason: String) {
        self.key = key
        self.file = file
        self.reason = reason
    }

    package var description: String {
        "\(key): '\(file)' cannot be used (\(reason)); expected files in PEM that go together"
    }
}
