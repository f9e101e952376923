import Logging
import SIPEdge
import Settings
import TransportSecurity
import XMPPEdge

/// Takes a new configuration while everything goes on: domains, who is trusted, and certificates (SIGHUP).
///
/// Where something listens, and what it is connected to, stays as it was at the start. What cannot be taken changes nothing.
struct Reload: Sendable {
    let parts: Running
    let read: @Sendable () throws -> Settings
    let logger: Logger

    /// Reads the configuration and all certificates again.
    func everything() async {
        do {
            let settings = try read()
            let sip = try SIPEdgeConfiguration(settings)
            try parts.certificates?.reload(settings)
            let xmpp = XMPPEdgeConfiguration(settings, parts.certificates?.xmpp)
            for translator in parts.translators { await translator(settings) }
            try await parts.xmppEdge?.reload(xmpp)
            await parts.sipEdge?.reload(sip.access, registrations: sip.registrations)
            logger.notice(
                "configuration taken",
                metadata: ["domains": "\(settings.domains.joined(separator: " "))"]
            )
            warnOfUncovered(settings)
        } catch {
            logger.error(
                "the new configuration is not taken, the old one stays: mend it and send SIGHUP again",
                metadata: ["reason": "\(error)"]
            )
        }
    }

    /// Looks at the certificates' files again and again, until it is cancelled.
    func certificates(every interval: Duration) async {
        await parts.certificates?.watch(every: interval) { result in
            switch result {
            case .success: logger.notice("new certificates are in use")
            case .failure(let error):
                logger.error(
                    "changed certificates are not taken, the old ones stay",
                    metadata: ["reason": "\(error)"]
                )
            }
        }
    }

    /// Peers will refuse us where no certificate is for a domain.
    private func warnOfUncovered(_ settings: Settings) {
        guard let contexts = parts.certificates?.sip.contexts, contexts.provesUs else { return }
        let uncovered = (settings.domains + settings.xmppDomains).filter { !contexts.covers($0) }
        guard !uncovered.isEmpty else { return }
        logger.warning(
            "no certificate is for these domains: peers that check will refuse us",
            metadata: ["domains": "\(uncovered.joined(separator: " "))"]
        )
    }
}
