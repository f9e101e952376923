package import BusContract
import SIPGrammar
import SIPTransactions
package import SIPTransport

/// What tells a request from all others: its transaction, as an id that every edge derives alike.
///
/// The id is of SHA-256 over Call-ID, CSeq, From tag, and the top Via's branch and sent-by, so that a repeat is recognised
/// by whichever edge it reaches, and further on by the bus (ARCHITECTURE section 4, rule 5).
package struct RequestIdentity: Hashable {
    package var id: DeliveryID
    /// A hash of what merged requests have in common; for a request in a dialog, which cannot be merged, of the id.
    package var merge: UInt64

    package init(_ received: ReceivedRequest) {
        self.init(received, method: received.request.method)
    }

    /// The identity of the transaction of another method that a CANCEL means.
    init(cancelledBy received: ReceivedRequest, method: SIPMethod) {
        self.init(received, method: method)
    }

    private init(_ received: ReceivedRequest, method: SIPMethod) {
        let mandatory = received.mandatory
        var octets: [UInt8] = []
        octets.reserveCapacity(256)
        func add(_ text: String) {
            octets.append(contentsOf: text.utf8)
            octets.append(0)
        }
        add(mandatory.callID)
        add("\(mandatory.cSeq.number) \(method.name)")
        add(mandatory.from.tag ?? "")
        add(mandatory.via.branch ?? "")
        add(mandatory.via.host.text)
        add(mandatory.via.port.map { "\($0)" } ?? "")
        if !mandatory.via.hasUniqueBranch {
            // COMPAT: RFC 2543 clients: the branch need not be unique (RFC 3261 section 17.2.3).
            add(received.request.uri.description)
            add(mandatory.to.tag ?? "")
            add(received.origin.address.description)
        }
        id = DeliveryID(hashing: octets)
        var hasher = Hasher()
        if mandatory.to.tag == nil {
            hasher.combine(mandatory.callID)
            hasher.combine(mandatory.cSeq.number)
            hasher.combine(method.name)
            hasher.combine(mandatory.from.tag)
        } else {
            hasher.combine(id)
        }
        merge = UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// The tag for To: the same for every repeat, whoever answers it.
    package var toTag: String { String(id.low, radix: 16) }
}
