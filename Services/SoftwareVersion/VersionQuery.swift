import Addressing
import BusContract
import SIPGrammar
import XMPPGrammar

/// The question, and every answer to it (XEP-0092 section 3).
///
///     <iq type='get' from='juliet@example.com/balcony' to='romeo@example.net' id='v1'>
///       <query xmlns='jabber:iq:version'/>
///     </iq>
struct VersionQuery: Sendable {
    let from: JID
    let to: JID
    private let envelope: Element

    /// Nil: the stanza asks something else, or nobody.
    init?(_ stanza: Element) {
        guard stanza.matches("iq", Namespace.client), stanza["type"] == "get",
            stanza.contains("query", Namespace.softwareVersion),
            let from = stanza["from"].flatMap({ try? JID($0) }),
            let to = stanza["to"].flatMap({ try? JID($0) }), to.local != nil
        else { return nil }
        self.from = from
        self.to = to
        envelope = Element("iq", Namespace.client, attributes: stanza.attributes)
    }

    /// The request that asks it on the SIP side (RFC 3261 section 11.1); Via and Max-Forwards are the edge's to add.
    func request(_ id: DeliveryID, _ mint: Mint, _ addresses: AddressMapper) throws(Unmappable) -> SIPDispatch
    {
        // The resource at which the gateway itself stands for every SIP user is no device of his (MAPPING 1.5).
        let target = try addresses.uri(for: to.resource == DeviceResource.account ? to.bare : to)
        var sender = SIPNameAddress(uri: .sip(try addresses.uri(for: from.bare)))
        sender.tag = mint.identifier(id.child("tag"))
        let headers: SIPHeaders = [
            .to: SIPNameAddress(uri: .sip(try addresses.uri(for: to.bare))).description,
            .from: sender.description,
            .callID: mint.identifier(id),
            .cSeq: "1 \(SIPMethod.options.name)",
            .accept: "application/sdp",
        ]
        return SIPDispatch(request: SIPRequest(.options, .sip(target), headers: headers))
    }

    /// What to say to the one who asked when the request has come to this end.
    func answer(for outcome: Outcome) -> Outcome {
        switch outcome {
        case .ok(.sipResponse(let response)?):
            if let software = Software(response) { return answered(software) }
            var error = StanzaError(.serviceUnavailable)
            if response.status >= 300 { error = ErrorMap.stanzaError(for: response) }
            error.by = to.domain
            return refused(error)
        case .failed(let failure): return refused(ErrorMap.stanzaError(for: failure, by: to.domain))
        case .busy: return outcome
        case .ok, .redirect: return .failed(Failure(.internal, "no edge says this of a request"))
        }
    }

    func answered(_ software: Software) -> Outcome {
        var query = Element("query", Namespace.softwareVersion)
        query.append(Element("name", Namespace.softwareVersion, text: software.name))
        query.append(Element("version", Namespace.softwareVersion, text: software.version))
        var result = Element("iq", Namespace.client)
        result["type"] = "result"
        result["id"] = envelope["id"]
        result["from"] = envelope["to"]
        result["to"] = envelope["from"]
        result.append(query)
        return .ok(.stanza(result))
    }

    func refused(_ error: StanzaError) -> Outcome { .ok(.stanza(envelope.errorReply(error))) }
}
