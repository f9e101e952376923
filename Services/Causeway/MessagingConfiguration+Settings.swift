import Addressing
import InstantMessaging
import Settings

extension MessagingConfiguration {
    /// What the settings say to the translator of instant messages.
    init(_ settings: Settings) {
        self.init(
            gatewayDomain: settings.domains.first ?? settings.xmppDomains.first ?? "localhost",
            sipDomains: Set(settings.domains + settings.xmpp.components.map(\.domain)),
            xmppDomains: Set(settings.xmppDomains)
        )
        maxStanza = settings.xmpp.maxStanza
        bounceWindow = settings.im.bounceWindow
        splits = settings.im.split
        correctionPrefix = settings.im.correctionPrefix
        pagerAs = PerDomain(
            Self.type(settings.im.usual.pagerAs),
            except: settings.im.domains.mapValues { Self.type($0.pagerAs) }
        )
        senderGRUU = Dictionary(
            settings.domains.map { ($0, Self.policy(settings.im.manners(for: $0).fromGRUU)) },
            uniquingKeysWith: { first, _ in first }
        )
        queueLimit = settings.im.queueLength
        queuePatience = settings.im.queueWait
    }

    private static func type(_ type: Settings.IM.PagerAs) -> PagerType {
        switch type {
        case .normal: .normal
        case .chat: .chat
        }
    }

    private static func policy(_ policy: Settings.IM.FromGRUU) -> SenderGRUU.Policy {
        switch policy {
        case .auto: .auto
        case .always: .always
        case .never: .never
        }
    }
}
