import SIPEdge
import SIPGrammar
import SIPTransactions
import SIPTransport
import Settings

extension SIPEdgeConfiguration {
    /// What the settings say to a SIP edge, and the listening addresses whose transports it does not have.
    static func from(_ settings: Settings) throws(SettingsError) -> (SIPEdgeConfiguration, later: [String]) {
        var listen: [SIPEndpoint] = []
        var later: [String] = []
        for address in settings.sip.listen {
            switch address.scheme {
            case .udp: listen.append(SIPEndpoint(.udp, host: address.host, port: address.port))
            case .tcp: listen.append(SIPEndpoint(.tcp, host: address.host, port: address.port))
            case .tls, .ws, .wss, .xmpp, .xmpps, .msrp, .msrps: later.append("\(address)")
            }
        }
        var configuration = SIPEdgeConfiguration(listen: listen)
        if let advertise = settings.sip.advertise {
            configuration.advertise = try host(advertise, key: "sip.advertise")
        }
        if let proxy = settings.sip.outboundProxy {
            guard let uri = SIPURI("\(proxy)") else {
                throw SettingsError(
                    .badValue,
                    key: "sip.outbound-proxy",
                    value: "\(proxy)",
                    expected: "a SIP URI such as sip:127.0.0.1:5070;transport=tcp"
                )
            }
            configuration.outboundProxy = uri
        }
        configuration.access = AccessRules(
            domains: Set(settings.domains),
            foreignDomains: Set(settings.xmppDomains),
            trusted: settings.sip.trusted.compactMap { IPNetwork($0.description) }
        )
        configuration.ratePerAddress = Int(settings.limits.perPeerRate.perSecond.rounded(.up))
        configuration.transport.grammar = SIPLimits(message: settings.limits.sipMessage)
        configuration.timing = TransactionTiming(t1: settings.sip.t1)
        configuration.queue.entries = settings.im.queueLength
        configuration.queue.age = settings.im.queueWait
        configuration.largestDatagram = settings.im.pageMaxOctets
        return (configuration, later)
    }

    private static func host(_ text: String, key: String) throws(SettingsError) -> SIPHost {
        guard let uri = SIPURI("sip:\(text.contains(":") ? "[\(text)]" : text)") else {
            throw SettingsError(.badValue, key: key, value: text, expected: "a host name or an address")
        }
        return uri.host
    }
}
