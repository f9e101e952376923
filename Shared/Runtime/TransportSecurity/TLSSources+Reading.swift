import NIOSSL

extension TLSSources {
    /// Reads all the files.
    func read(protocols: [String]) throws(TLSFileError) -> TLSContexts {
        let usualTrust = try Self.trust(usual.trust, at: "tls")
        let identity = try Self.identity(usual, at: "tls")
        var entries: [String: TLSCredentials] = [:]
        for (domain, files) in domains.sorted(by: { $0.key < $1.key }) {
            let path = "tls.domains.\(domain)"
            let trust = files.trust == usual.trust ? usualTrust : try Self.trust(files.trust, at: path)
            guard let own = try Self.identity(files, at: path) ?? identity else { continue }
            entries[domain] = TLSCredentials(own, trust: trust)
        }
        do {
            let credentials = TLSCredentials(try identity ?? .selfSigned(for: names), trust: usualTrust)
            return try TLSContexts(credentials, domains: entries, protocols: protocols)
        } catch {
            throw TLSFileError(key: "tls.certificate", file: usual.certificate ?? "", reason: "\(error)")
        }
    }

    private static func trust(_ trust: Trust, at path: String) throws(TLSFileError) -> TLSTrust {
        switch trust {
        case .system: return .system
        case .file(let file):
            do {
                return try .file(file)
            } catch {
                throw TLSFileError(key: "\(path).trust", file: file, reason: "\(error)")
            }
        }
    }

    private static func identity(_ files: Files, at path: String) throws(TLSFileError) -> TLSIdentity? {
        guard let certificate = files.certificate, let key = files.key else { return nil }
        do {
            let identity = try TLSIdentity(certificateFile: certificate, keyFile: key)
            try identity.checkThatKeyFits()
            return identity
        } catch {
            throw TLSFileError(
                key: "\(path).certificate",
                file: "\(certificate) with \(key)",
                reason: "\(error)"
            )
        }
    }
}

extension TLSIdentity {
    /// A context takes a certificate and a key only if they go together.
    fileprivate func checkThatKeyFits() throws {
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        _ = try NIOSSLContext(configuration: configuration)
    }
}
