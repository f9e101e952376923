import Octets

/// A response (RFC 3261 section 7.2).
public struct SIPResponse: Hashable, Sendable {
    /// From 100 to 699.
    public var status: Int
    /// The reason phrase, for people.
    public var reason: String
    /// The header fields, Content-Length excepted: ``body`` says it.
    public var headers: SIPHeaders
    public var body: [UInt8]

    /// A response; without a reason phrase, with the one that is registered.
    public init(_ status: Int, reason: String? = nil, headers: SIPHeaders = SIPHeaders(), body: [UInt8] = [])
    {
        self.status = status
        self.reason = reason ?? SIPStatus.phrase(status)
        self.headers = headers
        self.body = body
    }

    public var isProvisional: Bool { status < 200 }
    public var isFinal: Bool { status >= 200 }
    public var isSuccess: Bool { status / 100 == 2 }

    /// Writes the response as it goes over the wire; Content-Length is the body's.
    public func write(into octets: inout [UInt8]) {
        octets.reserveCapacity(octets.count + headers.estimatedSize + body.count + 64)
        octets.append(text: "SIP/2.0 ")
        octets.append(decimal: min(max(status, 100), 699))
        octets.append(ASCII.space)
        if reason.utf8.allSatisfy({ !ASCII.isControl($0) }) {
            octets.append(text: reason)
        } else {
            // A line end in the phrase would end the line: it becomes a space, as other control characters do.
            octets.append(
                contentsOf: reason.utf8.map { ASCII.isControl($0) && $0 != ASCII.tab ? ASCII.space : $0 }
            )
        }
        octets.append(text: "\r\n")
        headers.write(into: &octets)
        SIPMessage.write(body: body, into: &octets)
    }

    /// The response as it goes over the wire.
    public var octets: [UInt8] {
        var octets: [UInt8] = []
        write(into: &octets)
        return octets
    }
}
