import BusContract
import MessageBus

/// Attachments to servers as their components (XEP-0114): where replicas share the work, each domain's is made by one.
extension XMPPEdge {
    /// The shard whose owner makes the link of a domain.
    static func shard(ofLinkTo domain: String) -> UInt8 { ConversationKey(domain).shard }

    /// Whether the link of a domain is this replica's to make.
    func mayAttach(_ domain: String) -> Bool {
        ownership.map { $0.epoch(of: Self.shard(ofLinkTo: domain)) != nil } ?? true
    }

    /// The link of a domain, if there is one here.
    func component(_ domain: String) -> ComponentLink? { components[domain] }

    /// Attaches where the configuration says and the shards allow, and detaches everywhere else.
    func attach() {
        let wanted = configuration.components.filter {
            mayAttach(XMPPEdgeConfiguration.canonical($0.domain))
        }
        for link in components.values where !wanted.contains(link.configuration) {
            detach(link, forAnother: configuration.components.contains(link.configuration))
        }
        guard !isStopping else { return }
        for component in wanted where !components.values.contains(where: { $0.configuration == component }) {
            let link = ComponentLink(component, edge: self)
            components[link.domain] = link
            link.connect()
        }
    }

    /// Ends a link in an orderly way; what is to be sent goes another way from now on.
    func detach(_ link: ComponentLink, forAnother: Bool = false) {
        components[link.domain] = nil
        detached.append(link)
        if forAnother { link.makeWay() } else { link.close() }
    }

    func forget(_ link: ComponentLink) {
        if components[link.domain] === link { components[link.domain] = nil }
        detached.removeAll { $0 === link }
    }
}
