import NIOCore
import SIPGrammar

extension SIPTransport {
    /// A peer that has proven who it is may ask to get requests back over its connection (RFC 5923 section 8.2).
    private func noteAlias(_ via: SIPVia, _ origin: MessageOrigin) {
        guard origin.transport == .tls, !origin.proven.isEmpty, via.parameters.contains("alias"),
            case .connection(let id) = origin.path
        else { return }
        connections.alias(id, via, origin)
    }

    /// Reads one datagram.
    func take(_ octets: Span<UInt8>, from origin: MessageOrigin) {
        metrics.receive(origin.transport)
        do throws(SIPSyntaxError) {
            try take(SIPMessage.parse(octets, limits: limits.grammar), from: origin)
        } catch {
            // Line ends alone keep a path through a NAT open and ask for nothing (RFC 5626 section 3.5.1).
            guard error.reason != .empty else { return }
            refuse(octets, error, from: origin)
        }
    }

    /// Passes on a message that a connection brought.
    func takeFrame(_ message: SIPMessage, from origin: MessageOrigin) {
        metrics.receive(origin.transport)
        do throws(SIPSyntaxError) {
            try take(message, from: origin)
        } catch {
            refuse(message.octets.span, error, from: origin)
        }
    }

    /// Answers what does not parse with what is wrong with it; drops it when no answer is possible.
    func refuse(_ octets: Span<UInt8>, _ error: SIPSyntaxError, from origin: MessageOrigin) {
        guard var salvage = SIPMessage.salvage(octets, limits: limits.grammar) else {
            return metrics.drop(.garbage)
        }
        metrics.drop(.malformed)
        ViaStamp.stamp(&salvage.headers, &salvage.via, from: origin)
        let response = salvage.response(to: error, toTag: StatelessTag.of(octets))
        respond(ByteBuffer(bytes: response.octets), via: salvage.via, to: origin)
    }

    private func take(_ message: SIPMessage, from origin: MessageOrigin) throws(SIPSyntaxError) {
        switch message {
        case .request(var request):
            var mandatory = try request.mandatory()
            ViaStamp.stamp(&request.headers, &mandatory.via, from: origin)
            noteAlias(mandatory.via, origin)
            user?.received(ReceivedRequest(request: request, mandatory: mandatory, origin: origin))
        case .response(let response):
            guard let via = try? response.headers.topVia(), hasSaid(via) else {
                return metrics.drop(.response)
            }
            user?.received(response, via: via)
        }
    }
}

/// The To tag of an answer for which nothing is remembered: the same request gets the same (RFC 3261 section 8.2.7).
enum StatelessTag {
    static func of(_ octets: Span<UInt8>) -> String {
        // FNV-1a.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in octets.indices { hash = (hash ^ UInt64(octets[index])) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
