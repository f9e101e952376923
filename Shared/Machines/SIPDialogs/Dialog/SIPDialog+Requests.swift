public import SIPGrammar

extension SIPDialog {
    /// The next request of ours (RFC 3261 section 12.2.1.1); not an ACK and not a CANCEL.
    public mutating func request(
        _ method: SIPMethod,
        headers: SIPHeaders = SIPHeaders(),
        body: [UInt8] = []
    ) -> SIPRequest {
        advance()
        return request(method, number: localNumber, headers: headers, body: body)
    }

    /// The ACK for a 2xx that answered the INVITE of a number (RFC 3261 section 13.2.2.4).
    public func acknowledgement(
        of number: UInt32,
        headers: SIPHeaders = SIPHeaders(),
        body: [UInt8] = []
    ) -> SIPRequest {
        request(.ack, number: number, headers: headers, body: body)
    }

    private func request(
        _ method: SIPMethod,
        number: UInt32,
        headers: SIPHeaders,
        body: [UInt8]
    ) -> SIPRequest {
        let (uri, routes) = path
        var fields = SIPHeaders()
        for route in routes { fields.append(.route, route.description) }
        fields.append(.from, local.description)
        fields.append(.to, remote.description)
        fields.append(.callID, id.callID)
        fields.append(.cSeq, SIPCSeq(number, method).description)
        fields.append(contentsOf: headers)
        return SIPRequest(method, uri, headers: fields, body: body)
    }

    /// The Request-URI and the Route values: a first proxy that is no loose router gets the Request-URI to itself.
    private var path: (uri: SIPRequestURI, routes: [SIPNameAddress]) {
        guard let first = routeSet.first, case .sip(var strict) = first.uri, !strict.isLooseRouter else {
            return (remoteTarget, routeSet)
        }
        strict.headers = nil
        strict.parameters.remove("method")
        return (.sip(strict), routeSet.dropFirst() + [SIPNameAddress(uri: remoteTarget)])
    }
}

extension SIPDialog {
    /// What is to be done with a request that says it is inside a dialog (RFC 3261 section 12.2.2).
    public enum Admission: Hashable, Sendable {
        case admitted
        /// It is of another dialog: 481.
        case foreign
        /// One with a higher number, or the same, was there before: 500.
        case outOfOrder
        case malformed(SIPSyntaxError)
    }

    /// Whether a request's Call-ID and tags are this dialog's.
    public func owns(_ headers: SIPHeaders) throws(SIPSyntaxError) -> Bool {
        let callID = try headers.callID()
        let from = try headers.from()
        let to = try headers.to()
        return callID == id.callID && (from.tag ?? "") == id.remoteTag && (to.tag ?? "") == id.localTag
    }

    /// Checks a request and takes its number; ACK and CANCEL bear the number of what they belong to and take none.
    public mutating func admit(_ request: SIPRequest) -> Admission {
        do throws(SIPSyntaxError) {
            guard try owns(request.headers) else { return .foreign }
            guard request.method != .ack, request.method != .cancel else { return .admitted }
            let number = try request.headers.cSeq().number
            if let remoteNumber, number <= remoteNumber { return .outOfOrder }
            take(number)
            return .admitted
        } catch {
            return .malformed(error)
        }
    }
}
