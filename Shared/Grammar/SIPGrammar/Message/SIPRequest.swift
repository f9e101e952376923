import Octets

/// A request (RFC 3261 section 7.1).
public struct SIPRequest: Hashable, Sendable {
    public var method: SIPMethod
    public var uri: SIPRequestURI
    /// The header fields, Content-Length excepted: ``body`` says it.
    public var headers: SIPHeaders
    public var body: [UInt8]

    public init(
        _ method: SIPMethod,
        _ uri: SIPRequestURI,
        headers: SIPHeaders = SIPHeaders(),
        body: [UInt8] = []
    ) {
        self.method = method
        self.uri = uri
        self.headers = headers
        self.body = body
    }

    public init(_ method: SIPMethod, _ uri: SIPURI, headers: SIPHeaders = SIPHeaders(), body: [UInt8] = []) {
        self.init(method, .sip(uri), headers: headers, body: body)
    }

    /// Writes the request as it goes over the wire; Content-Length is the body's.
    public func write(into octets: inout [UInt8]) {
        octets.reserveCapacity(octets.count + headers.estimatedSize + body.count + 192)
        octets.append(text: method.name)
        octets.append(ASCII.space)
        if case .sip(var target) = uri, target.headers != nil {
            // A Request-URI has no headers (RFC 3261 section 19.1.1); a Contact that is called may bring some.
            target.headers = nil
            target.write(into: &octets)
        } else {
            uri.write(into: &octets)
        }
        octets.append(text: " SIP/2.0\r\n")
        headers.write(into: &octets)
        SIPMessage.write(body: body, into: &octets)
    }

    /// The request as it goes over the wire.
    public var octets: [UInt8] {
        var octets: [UInt8] = []
        write(into: &octets)
        return octets
    }
}

extension SIPRequest {
    /// A response to this request, with what every response copies (RFC 3261 section 8.2.6.2).
    ///
    /// Copied are Via, From, To, Call-ID and CSeq, and for a 100 Timestamp. The tag goes into To, unless To has one or
    /// cannot be read.
    public func response(
        _ status: Int,
        reason: String? = nil,
        toTag: String? = nil,
        headers: SIPHeaders = SIPHeaders(),
        body: [UInt8] = []
    ) -> SIPResponse {
        let copied = self.headers.copiedToResponses(status: status, toTag: toTag, adding: headers)
        return SIPResponse(status, reason: reason, headers: copied, body: body)
    }
}

extension SIPHeaders {
    func copiedToResponses(status: Int, toTag: String?, adding others: SIPHeaders) -> SIPHeaders {
        var copied: [SIPHeaderField] = []
        copied.reserveCapacity(8 + others.fields.count)
        for field in fields {
            switch field.name {
            case .via, .from, .callID, .cSeq: copied.append(field)
            case .to: copied.append(toTag.map { field.tagged($0) } ?? field)
            case .timestamp where status == 100: copied.append(field)
            default: break
            }
        }
        return SIPHeaders(parsed: copied + others.fields)
    }
}

extension SIPHeaderField {
    /// The address with a tag, if it has none; as it was, if it cannot be read.
    fileprivate func tagged(_ tag: String) -> SIPHeaderField {
        guard var address = SIPNameAddress(value), address.tag == nil else { return self }
        address.tag = tag
        return SIPHeaderField(name, address.description)
    }
}
