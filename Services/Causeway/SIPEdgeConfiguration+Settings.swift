import SIPEdge
import SIPGrammar
import SIPTransactions
import SIPTransport
import Settings

extension SIPEdgeConfiguration {
    /// What the settings say to a SIP edge, but for certificates.
    init(_ settings: Settings) throws(SettingsError) {
        self.init(
            listen: settings.sip.listen.compactMap { address in
                TransportProtocol(rawValue: address.scheme.rawValue)
                    .map { SIPEndpoint($0, host: address.host, port: address.port) }
            }
        )
        if let advertise = settings.sip.advertise {
            self.advertise = try Self.host(advertise, key: "sip.advertise")
        }
        if let proxy = settings.sip.outboundProxy {
            outboundProxy = try Self.uri(proxy, key: "sip.outbound-proxy")
        }
        access = AccessRules(
            domains: Set(settings.domains),
            foreignDomains: Set(settings.xmppDomains),
            trusted: settings.sip.trusted.compactMap { IPNetwork($0.description) }
        )
        ratePerAddress = Int(settings.limits.perPeerRate.perSecond.rounded(.up))
        transport.grammar = SIPLimits(message: settings.limits.sipMessage)
        timing = TransactionTiming(t1: settings.sip.t1)
        queue.entries = settings.im.queueLength
        queue.age = settings.im.queueWait
        largestDatagram = settings.im.pageMaxOctets
        try identify(by: settings)
    }

    private static func uri(_ hop: some CustomStringConvertible, key: String) throws(SettingsError) -> SIPURI
    {
        guard let uri = SIPURI("\(hop)") else {
            throw SettingsError(
                .badValue,
                key: key,
                value: "\(hop)",
                expected: "a SIP URI such as sip:127.0.0.1:5070;transport=tcp"
            )
        }
        return uri
    }

    private static func host(_ text: String, key: String) throws(SettingsError) -> SIPHost {
        guard let uri = SIPURI("sip:\(text.contains(":") ? "[\(text)]" : text)") else {
            throw SettingsError(.badValue, key: key, value: text, expected: "a host name or an address")
        }
        return uri.host
    }
}
