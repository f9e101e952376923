import BusContract
import MachineKit
import NIOCore
import SIPEdge
import SIPGrammar
import SIPTransport

/// The sending half of an edge on a clock that moves only when told, with a fake network.
final class ClientDesk {
    struct Datagram {
        var at: Duration
        var target: String
        var text: String

        var branch: String { text.field("Via")?.split(separator: "branch=").last.map { String($0) } ?? "" }
    }

    private(set) var sent: [Datagram] = []
    private(set) var outcomes: [Int: Outcome] = [:]
    /// What was left to another edge.
    private(set) var leftToOthers: [Int] = []
    private(set) var now = Moment.start
    /// What happens to what is sent to a target, by its text; nil: it is sent.
    var fate: [String: SendOutcome] = [:]
    /// Where a host's requests go.
    var hops: [String: Result<NextHops, LocationFailure>] = [:]
    private var wakes: [Moment] = []
    private var subject: UserAgentClient?
    private var dispatched = 0

    init(_ change: (inout SIPEdgeConfiguration) -> Void = { _ in }) {
        var configuration = SIPEdgeConfiguration(
            listen: [],
            outboundProxy: SIPURI("sip:proxy.example"),
            access: AccessRules(domains: ["sip.example"])
        )
        change(&configuration)
        hops["proxy.example"] = .success(Self.hops("192.0.2.1"))
        subject = UserAgentClient(configuration, surroundings(), metrics: EdgeMetrics())
    }

    static func hops(_ addresses: String...) -> NextHops {
        let found = addresses.compactMap { IPAddress($0)?.socketAddress(port: 5060) }
        return NextHops(udp: found, tcp: found)
    }

    private func surroundings() -> UserAgentClient.Surroundings {
        UserAgentClient.Surroundings(
            send: { [unowned self] octets, target, completion in
                note(octets, target)
                completion(
                    fate[target.description] ?? .sent(target.transport == .tcp ? ConnectionID(1) : nil)
                )
            },
            resend: { [unowned self] octets, target in note(octets, target) },
            sentBy: { target in IPAddress(target.address)?.isIPv4 == true ? (.name("gw.example"), 5060) : nil
            },
            locate: { [unowned self] uri, completion in
                completion(hops[uri.host.text] ?? .failure(.notFound("no such name")))
            },
            now: { [unowned self] in now },
            wake: { [unowned self] in wakes.append($0) },
            settled: {}
        )
    }

    var client: UserAgentClient {
        guard let subject else { preconditionFailure("made in init") }
        return subject
    }

    /// The numbers and bodies of what went out, in order, repeats left out.
    var bodies: [String] { sent.compactMap { $0.text.split(separator: "\r\n").last.map { String($0) } } }

    /// Hands a request over; its number.
    @discardableResult
    func dispatch(
        to uri: String = "sip:romeo@sip.example",
        body: String = "hello",
        method: SIPMethod = .message,
        toTag: String? = nil,
        allowsOversize: Bool = false,
        key: String = "k",
        patience: Duration = .seconds(60)
    ) -> Int {
        dispatched += 1
        let number = dispatched
        let headers: SIPHeaders = [
            .from: "<sip:juliet@wonder.example>;tag=9", .to: "<\(uri)>\(toTag.map { ";tag=\($0)" } ?? "")",
            .callID: "c\(number)", .cSeq: "\(number) \(method.name)", .contentType: "text/plain",
        ]
        guard let target = SIPRequestURI(uri) else { return number }
        let request = SIPRequest(method, target, headers: headers, body: Array(body.utf8))
        let delivery = Delivery(
            id: DeliveryID(high: 0, low: UInt64(number)),
            key: ConversationKey(key),
            patience: patience,
            payload: .sipDispatch(SIPDispatch(request: request, allowsOversize: allowsOversize))
        )
        client.dispatch(delivery) { [unowned self] outcome in
            precondition(outcomes[number] == nil && !leftToOthers.contains(number), "answered twice")
            if let outcome { outcomes[number] = outcome } else { leftToOthers.append(number) }
        }
        return number
    }

    /// Answers what was sent as the nth.
    func answer(_ index: Int, _ status: Int) {
        guard case .request(let request) = try? SIPMessage.parse(Array(sent[index].text.utf8)) else { return }
        guard let via = try? request.headers.topVia() else { return }
        client.received(request.response(status, toTag: "t"), via: via)
    }

    func wait(_ duration: Duration) {
        let end = now + duration
        while let next = wakes.min(), next <= end {
            wakes.removeAll { $0 <= next }
            now = max(now, next)
            client.fire()
        }
        now = end
    }

    func status(_ number: Int) -> Int? {
        guard case .ok(.sipResponse(let response)) = outcomes[number] else { return nil }
        return response.status
    }

    func failure(_ number: Int) -> Failure.Reason? {
        guard case .failed(let failure) = outcomes[number] else { return nil }
        return failure.reason
    }

    private func note(_ octets: ByteBuffer, _ target: TransportTarget) {
        sent.append(Datagram(at: now.sinceStart, target: target.description, text: String(buffer: octets)))
    }
}
