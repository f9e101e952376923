import BusContract
package import SIPGrammar
package import SIPTransport

/// Where this edge is reached by a transport: what takes the place of ``SIPContact/placeholder`` in a Contact.
package struct OwnContact: Hashable, Sendable {
    package var host: SIPHost
    package var port: Int
    package var transport: TransportProtocol

    package init(host: SIPHost, port: Int, transport: TransportProtocol) {
        self.host = host
        self.port = port
        self.transport = transport
    }

    /// Fills in the Contact of a message where a translator left it to the edge.
    package func fill(_ headers: inout SIPHeaders) {
        guard let contact = headers[.contact], contact.contains(SIPContact.placeholder),
            var address = SIPNameAddress(contact), case .sip(var uri) = address.uri,
            uri.host.text == SIPContact.placeholder
        else { return }
        uri.host = host
        uri.port = port
        // Without a transport it is UDP (RFC 3261 section 19.1.1); TLS is TCP to sips, which is never written.
        if transport == .udp {
            uri.parameters.remove("transport")
        } else {
            uri.parameters.set("transport", transport.isWebSocket ? "ws" : transport.rawValue)
        }
        address.uri = .sip(uri)
        headers[.contact] = address.description
    }
}
