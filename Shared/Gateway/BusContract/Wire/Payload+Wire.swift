import FoundationEssentials
import MachineKit
import SIPGrammar
import SwiftProtobuf

extension Payload {
    var wire: Causeway_V1_Payload {
        var wire = Causeway_V1_Payload()
        switch self {
        case .sipArrival(let arrival): wire.sipArrival = arrival.wire
        case .sipDispatch(let dispatch): wire.sipDispatch = dispatch.wire
        case .sipResponse(let response): wire.sipResponse = .init(response.octets)
        case .sipAnswer(let answer): wire.sipAnswer = answer.wire
        case .sipResponding(let responding):
            wire.sipResponding.invite = responding.invite.wire
            wire.sipResponding.response = .init(responding.response.octets)
        case .sipProgress(let progress):
            wire.sipProgress.invite = progress.invite.wire
            wire.sipProgress.response = .init(progress.response.octets)
            wire.sipProgress.source = progress.source
        case .stanzaArrival(let arrival):
            wire.stanzaArrival.stanza = arrival.stanza.wire
            wire.stanzaArrival.domain = arrival.domain
            wire.stanzaArrival.atMs = arrival.at.milliseconds
        case .stanza(let element): wire.stanza = element.wire
        case .opaque(let type, let octets):
            wire.opaque.type = type
            wire.opaque.value = .init(octets)
        }
        return wire
    }

    init(_ wire: Causeway_V1_Payload) throws(ContractError) {
        switch wire.kind {
        case .sipArrival(let arrival): self = .sipArrival(try SIPArrival(arrival))
        case .sipDispatch(let dispatch): self = .sipDispatch(try SIPDispatch(dispatch))
        case .sipResponse(let octets): self = .sipResponse(try SIPResponse(contract: Array(octets)))
        case .sipAnswer(let answer): self = .sipAnswer(SIPAnswer(answer))
        case .sipResponding(let responding):
            self = .sipResponding(
                SIPResponding(
                    to: try DeliveryID(contract: responding.invite),
                    try SIPResponse(contract: Array(responding.response))
                )
            )
        case .sipProgress(let progress):
            self = .sipProgress(
                SIPProgress(
                    of: try DeliveryID(contract: progress.invite),
                    try SIPResponse(contract: Array(progress.response)),
                    source: progress.source
                )
            )
        case .stanzaArrival(let arrival):
            let at = WallTime(milliseconds: arrival.atMs)
            self = .stanzaArrival(
                StanzaArrival(stanza: try arrival.stanza.element(depth: 0), domain: arrival.domain, at: at)
            )
        case .stanza(let element): self = .stanza(try element.element(depth: 0))
        case .opaque(let opaque): self = .opaque(type: opaque.type, Array(opaque.value))
        case nil: throw ContractError(.missing(.payload))
        }
    }
}

extension SIPArrival {
    fileprivate var wire: Causeway_V1_SIPArrival {
        var wire = Causeway_V1_SIPArrival()
        wire.request = .init(request.octets)
        wire.identity = identity.description
        if let displayName { wire.displayName = displayName }
        wire.atMs = at.milliseconds
        wire.source = source
        if let edge { wire.edge = edge.name }
        return wire
    }

    fileprivate init(_ wire: Causeway_V1_SIPArrival) throws(ContractError) {
        guard let identity = SIPURI(wire.identity) else { throw ContractError(.missing(.identity)) }
        self.init(
            request: try SIPRequest(contract: Array(wire.request)),
            identity: identity,
            displayName: wire.hasDisplayName ? wire.displayName : nil,
            at: WallTime(milliseconds: wire.atMs),
            source: wire.source,
            edge: wire.hasEdge ? ServiceName(wire.edge) : nil
        )
    }
}

extension SIPDispatch {
    fileprivate var wire: Causeway_V1_SIPDispatch {
        var wire = Causeway_V1_SIPDispatch()
        wire.request = .init(request.octets)
        wire.allowsOversize = allowsOversize
        if let progressTo { wire.progressTo = progressTo.name }
        if let cancels { wire.cancels = cancels.wire }
        return wire
    }

    fileprivate init(_ wire: Causeway_V1_SIPDispatch) throws(ContractError) {
        self.init(
            request: try SIPRequest(contract: Array(wire.request)),
            allowsOversize: wire.allowsOversize,
            progressTo: wire.hasProgressTo ? ServiceName(wire.progressTo) : nil,
            cancels: wire.cancels.isEmpty ? nil : try DeliveryID(contract: wire.cancels)
        )
    }
}

extension DeliveryID {
    fileprivate init(contract octets: Data) throws(ContractError) {
        guard let id = DeliveryID(octets: Array(octets)) else { throw ContractError(.badIdentifier) }
        self = id
    }
}

extension SIPAnswer {
    fileprivate var wire: Causeway_V1_SIPAnswer {
        var wire = Causeway_V1_SIPAnswer()
        wire.status = UInt32(clamping: status)
        if let reason { wire.reason = reason }
        for field in headers.fields {
            var header = Causeway_V1_HeaderField()
            header.name = field.name.text
            header.value = field.value
            wire.headers.append(header)
        }
        if let toTag { wire.toTag = toTag }
        wire.body = .init(body)
        return wire
    }

    fileprivate init(_ wire: Causeway_V1_SIPAnswer) {
        var headers = SIPHeaders()
        for header in wire.headers { headers.append(SIPHeaderName(header.name), header.value) }
        self.init(
            Int(wire.status),
            reason: wire.hasReason ? wire.reason : nil,
            headers: headers,
            toTag: wire.hasToTag ? wire.toTag : nil,
            body: Array(wire.body)
        )
    }
}

extension SIPRequest {
    fileprivate init(contract octets: [UInt8]) throws(ContractError) {
        guard case .request(let request)? = parsed(octets) else { throw ContractError(.badMessage) }
        self = request
    }
}

extension SIPResponse {
    fileprivate init(contract octets: [UInt8]) throws(ContractError) {
        guard case .response(let response)? = parsed(octets) else { throw ContractError(.badMessage) }
        self = response
    }
}

private func parsed(_ octets: [UInt8]) -> SIPMessage? {
    do throws(SIPSyntaxError) {
        return try SIPMessage.parse(octets, limits: .reprinted)
    } catch {
        return nil
    }
}
