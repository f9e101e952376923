package import Resolver

/// What the procedure of RFC 3263 asks the DNS.
package enum LocatingQuestion: Hashable, Sendable {
    /// The NAPTR records of a domain.
    case pointers(String)
    /// The SRV records of a service.
    case services(String)
    /// The A and AAAA records of a host.
    case addresses(String)
}

/// What the DNS says to it.
package enum LocatingReply: Hashable, Sendable {
    case pointers(ResolverAnswer<NAPTRRecord>)
    case services(ResolverAnswer<SRVRecord>)
    case addresses(ResolverAnswer<String>)
    case failed(ResolverError)
}
