import BusContract
import MachineKit
import NIOCore
import SIPEdge
import SIPGrammar
import SIPTransport

/// The receiving half of an edge on a clock that moves only when told, with a fake bus and no sockets.
final class ServerDesk {
    let courier = FakeCourier()
    /// Whether the services of the courier's offers say that they run before each request.
    var doServicesRun = true
    /// Responses whose transactions are not this server's.
    private(set) var astray: [SIPResponse] = []
    private(set) var sent: [String] = []
    private(set) var now = Moment.start
    private var wakes: [Moment] = []
    private var subject: UserAgentServer?

    static let access = AccessRules(domains: ["sip.example"], foreignDomains: ["hosted.example"])

    init(_ change: (inout SIPEdgeConfiguration) -> Void = { _ in }) {
        var configuration = SIPEdgeConfiguration(listen: [], access: Self.access, ratePerAddress: nil)
        change(&configuration)
        let surroundings = UserAgentServer.Surroundings(
            courier: courier,
            send: { [unowned self] octets, _, _ in sent.append(String(buffer: octets)) },
            sendAstray: { [unowned self] in
                astray.append($0)
                return true
            },
            contact: { OwnContact(host: .name("gw.example"), port: 5060, transport: $0.transport) },
            isOurs: { $0.host == .name("gw.example") },
            now: { [unowned self] in now },
            wallTime: { WallTime(milliseconds: 1_700_000_000_000) },
            wake: { [unowned self] in wakes.append($0) },
            settled: {}
        )
        subject = UserAgentServer(configuration, surroundings, metrics: EdgeMetrics())
    }

    var server: UserAgentServer {
        guard let subject else { preconditionFailure("made in init") }
        return subject
    }

    /// Takes a request in; what was sent at once.
    @discardableResult
    func receive(_ draft: Draft) throws -> [String] {
        if doServicesRun {
            for offer in courier.offers { server.heed(offer) }
        }
        let before = sent.count
        server.received(try draft.received())
        return Array(sent[before...])
    }

    /// Lets time pass, waking the server when it asked for it; what was sent, and when.
    @discardableResult
    func wait(_ duration: Duration) -> [(at: Duration, text: String)] {
        let end = now + duration
        var heard: [(at: Duration, text: String)] = []
        while let next = wakes.min(), next <= end {
            wakes.removeAll { $0 <= next }
            now = max(now, next)
            let before = sent.count
            server.fire()
            for text in sent[before...] { heard.append((now.sinceStart, text)) }
        }
        now = end
        return heard
    }

    /// The request as it was delivered.
    func arrival(_ index: Int) -> SIPArrival? {
        guard courier.sendings.indices.contains(index),
            case .sipArrival(let arrival) = courier.sendings[index].delivery.payload
        else { return nil }
        return arrival
    }
}
