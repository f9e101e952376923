/// Why there is no next hop; the text is one line for people.
package enum LocationFailure: Error, Hashable {
    /// The domain does not exist, or offers no SIP.
    case notFound(String)
    /// The DNS did not answer.
    case unresolved(String)
    /// The URI asks for a transport that there is not.
    case unsupported(String)
    /// The DNS answered with signatures that do not hold.
    case bogus(String)
}
