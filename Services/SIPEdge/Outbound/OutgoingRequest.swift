import BusContract
import NIOCore
import SIPGrammar
import SIPTransport

/// A request on its way out: what was asked for, and how to write it for a hop.
///
/// It never changes and passes through many hands: a class, so that a copy is one reference.
package final class OutgoingRequest {
    let id: DeliveryID
    let key: ConversationKey
    let dispatch: SIPDispatch
    /// Answers whoever asked, once; nil leaves the answer to another edge.
    let reply: (Outcome?) -> Void
    /// The queue that waits for it; nil if none does.
    let target: String?
    /// Whether it is not what was asked for, but the same with a higher CSeq.
    let isRenumbered: Bool

    init(
        _ delivery: Delivery,
        dispatch: SIPDispatch,
        reply: @escaping (Outcome?) -> Void,
        target: String?
    ) {
        id = delivery.id
        key = delivery.key
        self.dispatch = dispatch
        self.reply = reply
        self.target = target
        isRenumbered = false
    }

    private init(_ other: OutgoingRequest, _ request: SIPRequest) {
        id = other.id
        key = other.key
        var dispatch = other.dispatch
        dispatch.request = request
        self.dispatch = dispatch
        reply = other.reply
        target = other.target
        isRenumbered = other.isRenumbered || other.request.headers[.cSeq] != request.headers[.cSeq]
    }

    /// The same with other header fields, answered to the same asker.
    func with(_ request: SIPRequest) -> OutgoingRequest {
        OutgoingRequest(self, request)
    }

    /// The same with the number of the request that it cancels, which may not be the one that was asked for.
    func numbered(like other: OutgoingRequest) -> OutgoingRequest {
        guard other.isRenumbered, let number = try? other.request.headers.cSeq().number else { return self }
        var request = request
        request.headers[.cSeq] = SIPCSeq(number, request.method).description
        return with(request)
    }

    var request: SIPRequest { dispatch.request }

    /// The branch for a hop, which begins with the cookie and the delivery's id.
    ///
    /// An edge that does the work of another again writes the same, and whoever receives both takes the second for a
    /// repeat. Another hop is another transaction (RFC 3261 section 8.1.2) and gets another branch.
    func branch(attempt: Int) -> String {
        attempt == 0 ? "\(SIPVia.magicCookie)-\(id)" : "\(SIPVia.magicCookie)-\(id).\(attempt)"
    }

    /// Whether a branch looks like ``branch(attempt:)``.
    static func isOurs(branch: String) -> Bool {
        let prefix = "\(SIPVia.magicCookie)-"
        guard branch.hasPrefix(prefix) else { return false }
        let rest = branch.utf8.dropFirst(prefix.utf8.count)
        let isHex = rest.prefix(32).allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        return isHex && rest.count >= 32
            && (rest.count == 32 || rest.dropFirst(32).first == UInt8(ascii: "."))
    }

    /// The request as it goes to a hop: with Via and Max-Forwards (RFC 3261 section 8.1.1), and our own address as Contact
    /// where that was left to us.
    func written(_ via: SIPVia, to transport: TransportProtocol) -> [UInt8] {
        var request = request
        if request.headers.contains(.contact) {
            OwnContact(host: via.host, port: via.port ?? transport.defaultPort, transport: transport)
                .fill(&request.headers)
        }
        if !request.headers.contains(.maxForwards) { request.headers.prepend(.maxForwards, "70") }
        request.headers.prepend(.via, via.description)
        var octets: [UInt8] = []
        request.write(into: &octets)
        return octets
    }

    /// A response without what only repeats the request: whoever asked knows that, and remembered outcomes that are
    /// alike take the room of one.
    ///
    /// To stays where its tag may name a dialog (RFC 3261 section 12.1, RFC 6665 section 4.4.1), and CSeq where it is not
    /// the one that was asked for: the next request of the dialog must have a higher one.
    func withoutEcho(_ response: SIPResponse) -> SIPResponse {
        var response = response
        for name in [SIPHeaderName.via, .from, .callID] { response.headers.removeAll(name) }
        if !isRenumbered { response.headers.removeAll(.cSeq) }
        if Self.withoutDialog.contains(request.method) { response.headers.removeAll(.to) }
        return response
    }

    private static let withoutDialog: Set<SIPMethod> = [.message, .options, .publish, .register]

    /// The largest body, in octets, that a request of this size otherwise could have to be no longer than `limit`.
    package static func room(size: Int, body: Int, limit: Int) -> Int {
        let rest = limit - (size - body - digits(body))
        var (room, largest) = (0, 9)
        // Content-Length takes as many digits as the length has.
        for count in 1...6 {
            room = max(room, min(rest - count, largest))
            largest = largest * 10 + 9
        }
        return room
    }

    private static func digits(_ number: Int) -> Int { String(number).utf8.count }
}
