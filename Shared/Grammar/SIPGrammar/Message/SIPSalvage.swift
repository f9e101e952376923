import Octets

/// What is left of a request that does not parse: enough to answer it.
public struct SIPSalvage: Hashable, Sendable {
    /// The method, from the start line or from CSeq.
    public var method: SIPMethod
    /// The topmost Via value: where the answer goes.
    public var via: SIPVia
    /// The lines that an answer copies, as they came: Via, From, To, Call-ID and CSeq, so far as they are there.
    public var headers: SIPHeaders

    /// An answer that says what is wrong.
    public func response(to error: SIPSyntaxError, toTag: String? = nil) -> SIPResponse {
        let copied = headers.copiedToResponses(status: error.status, toTag: toTag, adding: SIPHeaders())
        return SIPResponse(error.status, reason: error.phrase, headers: copied)
    }
}

extension SIPMessage {
    /// Gathers what an answer to a broken request needs.
    ///
    /// Nil if no answer is possible or allowed: it is a response or an ACK, its first line is not SIP at all, or no Via
    /// says where an answer would go.
    public static func salvage(_ octets: [UInt8], limits: SIPLimits = .standard) -> SIPSalvage? {
        salvage(octets.span, limits: limits)
    }

    /// Gathers what an answer to a broken request needs.
    public static func salvage(_ octets: Span<UInt8>, limits: SIPLimits = .standard) -> SIPSalvage? {
        var lines = SalvageReader(octets, from: skipLineEnds(octets), limits: limits)
        guard let method = lines.method(octets) else { return nil }
        var fields: [SIPHeaderField] = []
        while let found = lines.next(octets) {
            switch found.name {
            case .via: break
            case .from, .to, .callID, .cSeq:
                // Of what must not come twice, the first is copied.
                guard !fields.contains(where: { $0.name == found.name }) else { continue }
            default: continue
            }
            fields.append(SIPHeaderField(name: found.name, parsed: found.text(octets)))
        }
        let headers = SIPHeaders(parsed: fields)
        guard method != .ack, (try? headers.cSeq())?.method != .ack else { return nil }
        guard let via = (try? headers.topVia()) ?? wayBack(headers) else { return nil }
        return SIPSalvage(method: method, via: via, headers: headers)
    }

    /// Of a Via whose parameters cannot be read, what stands before them: it is enough for an answer to find its way.
    private static func wayBack(_ headers: SIPHeaders) -> SIPVia? {
        guard let value = headers[.via] else { return nil }
        let bare = value.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",") }
        let headers: SIPHeaders = [.via: String(decoding: bare, as: UTF8.self)]
        return try? headers.topVia()
    }
}
