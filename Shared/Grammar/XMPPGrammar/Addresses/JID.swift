// Conforms: RFC 7622 §3 (complete)

/// An XMPP address (RFC 7622), always in its canonical form: two addresses are the same when their octets are.
///
///     juliet@example.com/balcony
///
/// - The local part is enforced by the PRECIS profile UsernameCaseMapped (RFC 8265 section 3.3).
/// - The domain is lower case, in NFC and in U-labels; a final dot is gone.
/// - The resource is enforced by the PRECIS profile OpaqueString (RFC 8265 section 4.2).
public struct JID: Hashable, Sendable {
    public let local: String?
    public let domain: String
    public let resource: String?

    /// Reads an address, in the order of RFC 7622 section 3.2: the first `/` begins the resource, the first `@`
    /// before it ends the local part.
    public init(_ text: String) throws(JIDError) {
        let octets = text.utf8
        let slash = octets.firstIndex(of: UInt8(ascii: "/"))
        let address = octets[..<(slash ?? octets.endIndex)]
        let resource = slash.map { String(text[octets.index(after: $0)...]) }
        guard let at = address.firstIndex(of: UInt8(ascii: "@")) else {
            try self.init(local: nil, domain: String(text[..<address.endIndex]), resource: resource)
            return
        }
        try self.init(
            local: String(text[..<at]),
            domain: String(text[octets.index(after: at)..<address.endIndex]),
            resource: resource
        )
    }

    /// Puts an address together from parts that are not yet enforced.
    public init(local: String?, domain: String, resource: String? = nil) throws(JIDError) {
        self.domain = try DomainPart.enforce(domain)
        self.local = if let local { try LocalPart.enforce(local) } else { nil }
        self.resource = if let resource { try ResourcePart.enforce(resource) } else { nil }
    }

    private init(enforcedLocal local: String?, domain: String, resource: String?) {
        self.local = local
        self.domain = domain
        self.resource = resource
    }

    /// The address without its resource.
    public var bare: JID {
        resource == nil ? self : JID(enforcedLocal: local, domain: domain, resource: nil)
    }

    /// The domain of the address, as an address.
    public var host: JID {
        JID(enforcedLocal: nil, domain: domain, resource: nil)
    }

    public var isBare: Bool { resource == nil }

    /// The same account or service at another resource; nil for the bare address.
    public func at(resource: String?) throws(JIDError) -> JID {
        guard let resource else { return bare }
        return JID(enforcedLocal: local, domain: domain, resource: try ResourcePart.enforce(resource))
    }
}

extension JID: CustomStringConvertible {
    public var description: String {
        var text = ""
        if let local {
            text += local
            text += "@"
        }
        text += domain
        if let resource {
            text += "/"
            text += resource
        }
        return text
    }
}
