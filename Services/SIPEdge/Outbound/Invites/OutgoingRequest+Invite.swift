import BusContract
import SIPGrammar

extension OutgoingRequest {
    /// The ACK for a failure of this INVITE (RFC 3261 section 17.1.1.3).
    func acknowledgement(of response: SIPResponse, via: SIPVia) -> [UInt8] {
        var headers = SIPHeaders()
        headers.append(.via, via.description)
        headers.append(.maxForwards, "70")
        for route in request.headers.all(.route) { headers.append(.route, route) }
        headers.append(.from, request.headers[.from] ?? "")
        headers.append(.to, response.headers[.to] ?? request.headers[.to] ?? "")
        headers.append(.callID, request.headers[.callID] ?? "")
        let number = (try? request.headers.cSeq().number) ?? 1
        headers.append(.cSeq, SIPCSeq(number, .ack).description)
        return SIPRequest(.ack, request.uri, headers: headers).octets
    }

    /// A response that nobody sent: what is understood where none will come (RFC 3261 section 8.1.3.1).
    func ownResponse(_ status: Int) -> SIPResponse {
        var headers = SIPHeaders()
        for name in [SIPHeaderName.from, .to, .callID, .cSeq] {
            if let value = request.headers[name] { headers.append(name, value) }
        }
        return SIPResponse(status, headers: headers)
    }

    /// The delivery that a branch of ours was made from.
    static func delivery(ofBranch branch: String) -> DeliveryID? {
        guard isOurs(branch: branch) else { return nil }
        return DeliveryID(String(branch.dropFirst(SIPVia.magicCookie.count + 1).prefix(32)))
    }
}
