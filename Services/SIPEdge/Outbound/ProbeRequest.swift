import BusContract
import NIOCore
import SIPGrammar
import SIPTransactions
import SIPTransport

/// An OPTIONS request that asks one target, and nobody behind it, whether it lives.
///
/// Max-Forwards 0 has the target answer by itself: a proxy with 483 or, for OPTIONS, 200 (RFC 3261 section 16.3).
struct ProbeRequest {
    let key: ClientTransactionKey
    private let id: DeliveryID

    init() {
        var generator = SystemRandomNumberGenerator()
        id = DeliveryID(using: &generator)
        key = ClientTransactionKey(branch: "\(SIPVia.magicCookie)-\(id)", method: .options)
    }

    /// The request as it goes over the wire.
    func written(for target: TransportTarget, sentBy: (host: SIPHost, port: Int)) -> [UInt8] {
        var via = SIPVia(transport: target.transport.viaName, host: sentBy.host, port: sentBy.port)
        via.branch = key.branch
        if target.transport == .udp { via.rport = nil }
        let uri = Self.uri(of: target)
        let us = SIPURI(host: sentBy.host, port: sentBy.port)
        let headers: SIPHeaders = [
            .via: via.description, .maxForwards: "0", .from: "<\(us)>;tag=\(id)", .to: "<\(uri)>",
            .callID: "\(id)", .cSeq: "1 OPTIONS",
        ]
        return SIPRequest(.options, uri, headers: headers).octets
    }

    private static func uri(of target: TransportTarget) -> SIPURI {
        let address = target.address.ipAddress.flatMap { SIPHost($0) }
        let host = target.name.flatMap { SIPHost($0) } ?? address ?? .name("invalid")
        var uri = SIPURI(host: host, port: target.name == nil ? target.address.port : nil)
        switch target.transport {
        case .udp: break
        case .tcp, .tls: uri.parameters.set("transport", target.transport.rawValue)
        case .ws, .wss: uri.parameters.set("transport", "ws")
        }
        return uri
    }
}
