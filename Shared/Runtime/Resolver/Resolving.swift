/// Whoever can look names up in the DNS.
///
/// The edges ask through this seam, so that their tests bring a table (``StaticResolver``) and never need a network.
package protocol Resolving: Sendable {
    /// The SRV records of a name such as `_xmpp-server._tcp.wonder.example`, in no particular order (RFC 2782).
    ///
    /// An empty answer means that there are none, be it because the name does not exist or because it has no such
    /// records. A record whose target is `.` says that the service is decidedly not available and is kept.
    func srv(_ name: String) async throws(ResolverError) -> ResolverAnswer<SRVRecord>

    /// The NAPTR records of a domain, in no particular order (RFC 3403); none as for SRV.
    func naptr(_ name: String) async throws(ResolverError) -> ResolverAnswer<NAPTRRecord>

    /// The TLSA records of a service such as `_5269._tcp.xmpp.wonder.example` (RFC 6698); none as for SRV.
    func tlsa(_ name: String) async throws(ResolverError) -> ResolverAnswer<TLSARecord>

    /// The addresses of a host as text, IPv6 and IPv4 in turn (RFC 8305 section 4), without brackets.
    ///
    /// Aliases are followed. An address given instead of a name comes back as it is. The answer is never empty: a host
    /// without any address is ``ResolverError/Code/notFound``.
    func addresses(_ host: String) async throws(ResolverError) -> ResolverAnswer<String>
}
