import SIPGrammar
import SwiftProtobuf

extension ServiceOffer {
    var wire: Causeway_V1_Offer {
        var wire = Causeway_V1_Offer()
        wire.service = service.name
        wire.letter = letter.map { String($0) } ?? ""
        wire.claims = claims.map(\.wire)
        wire.allow = allow.map(\.name)
        wire.accept = accept
        wire.supported = supported
        wire.queries = queries
        wire.features = features
        return wire
    }

    init(_ wire: Causeway_V1_Offer) {
        self.init(
            ServiceName(wire.service),
            letter: wire.letter.count == 1 ? wire.letter.first : nil,
            claims: wire.claims.map { SIPClaim($0) },
            allow: wire.allow.map { SIPMethod($0) },
            accept: wire.accept,
            supported: wire.supported,
            queries: wire.queries,
            features: wire.features
        )
    }
}

extension SIPClaim {
    fileprivate var wire: Causeway_V1_SIPClaim {
        var wire = Causeway_V1_SIPClaim()
        wire.method = method.name
        switch subject {
        case .anything: break
        case .event(let package): wire.event = package
        case .media(let type): wire.media = type
        }
        wire.keyedByDialog = keying == .byDialog
        return wire
    }

    fileprivate init(_ wire: Causeway_V1_SIPClaim) {
        let subject: Subject =
            if !wire.event.isEmpty {
                .event(wire.event)
            } else if !wire.media.isEmpty {
                .media(wire.media)
            } else {
                .anything
            }
        self.init(SIPMethod(wire.method), subject, keying: wire.keyedByDialog ? .byDialog : .byParties)
    }
}
