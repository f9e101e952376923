import Settings
import TransportSecurity

extension TLSSources {
    /// The certificates that the settings name.
    init(_ settings: Settings) {
        self.init(
            usual: Files(settings.tls.usual),
            domains: settings.tls.domains.mapValues { Files($0) },
            names: settings.domains + settings.xmppDomains + [settings.sip.advertise].compactMap(\.self)
        )
    }
}

extension TLSSources.Files {
    fileprivate init(_ files: TLSFiles) {
        let trust: TLSSources.Trust =
            switch files.trust {
            case .system: .system
            case .file(let path): .file(path)
            }
        self.init(certificate: files.certificate, key: files.key, trust: trust)
    }
}
