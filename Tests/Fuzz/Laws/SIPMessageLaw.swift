import SIPGrammar

extension Law {
    /// A datagram: what parses prints, and parses to the same, and so does every value in its header fields.
    static let sipMessage = Law(name: "sip-message") { octets in
        _ = SIPMessage.salvage(octets)
        guard let message = try? SIPMessage.parse(octets) else { return nil }
        return SIPMessageLaw.broken(message)
    }
}

enum SIPMessageLaw {
    static func broken(_ message: SIPMessage) -> String? {
        let printed = message.octets
        let text = String(decoding: printed, as: UTF8.self)
        if let broken = difference(
            "message",
            message,
            printed: text,
            again: try? SIPMessage.parse(printed, limits: .reprinted)
        ) {
            return broken
        }
        switch message {
        case .request(let request):
            _ = try? request.validate()
            if let broken = answer(to: request) { return broken }
        case .response(let response): _ = try? response.validate()
        }
        return values(of: message.headers)
    }

    /// Whatever a request holds, an answer to it is a message.
    private static func answer(to request: SIPRequest) -> String? {
        let response = request.response(400, reason: "Bad Request", toTag: "t")
        let printed = response.octets
        let text = String(decoding: printed, as: UTF8.self)
        return difference(
            "answer",
            .response(response),
            printed: text,
            again: try? SIPMessage.parse(printed, limits: .reprinted)
        )
    }

    private static func values(of headers: SIPHeaders) -> String? {
        let addresses = (try? headers.contacts()) ?? []
        for address in [try? headers.from(), try? headers.to()].compactMap({ $0 }) + addresses {
            if let broken = SIPAddressLaw.broken(address) { return broken }
        }
        for via in (try? headers.vias()) ?? [] {
            if let broken = SIPAddressLaw.broken(via) { return broken }
        }
        if let type = try? headers.contentType() {
            let printed = type.description
            let again = SIPMediaType(printed)
            if let broken = difference("media type", type, printed: printed, again: again) { return broken }
        }
        _ = try? headers.list(.supported)
        _ = try? headers.callID()
        _ = try? headers.cSeq()
        _ = try? headers.maxForwards()
        return nil
    }
}
