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

    /// What went out, probes excepted.
    private(set) var sent: [Datagram] = []
    /// What services were told of responses to their INVITEs.
    private(set) var told: [(delivery: Delivery, service: ServiceName)] = []
    /// What asked targets whether they live.
    private(set) var probes: [Datagram] = []
    private(set) var outcomes: [Int: Outcome] = [:]
    /// What was left to another edge.
    private(set) var leftToOthers: [Int] = []
    private(set) var now = Moment.start
    /// What happens to what is sent to a target, by its text; nil: it is sent.
    var fate: [String: SendOutcome] = [:]
    /// Targets that answer probes, with this status.
    var lives: [String: Int] = [:]
    /// Whether connections are made only when a test says so, by ``connect(_:_:)``.
    var holdsConnections = false
    /// Connections that are being made.
    private(set) var connecting: [(at: Duration, target: String, completion: (SendFailure?) -> Void)] = []
    /// Where a host's requests go.
    var hops: [String: Result<NextHops, LocationFailure>] = [:]
    var hasIPv6 = false
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

    /// Servers with one address each, by UDP and, if they must, by TCP.
    static func hops(_ addresses: String...) -> NextHops {
        NextHops(
            addresses.map { hop(.udp, $0) }
                + addresses.map { address in
                    var hop = hop(.tcp, address)
                    hop.isGuess = true
                    return hop
                }
        )
    }

    /// One server.
    static func hop(_ transport: TransportProtocol, _ addresses: String..., name: String? = nil) -> NextHop {
        let port = transport.defaultPort
        return NextHop(
            transport,
            addresses.compactMap { IPAddress($0)?.socketAddress(port: port) },
            name: name
        )
    }

    private func surroundings() -> UserAgentClient.Surroundings {
        UserAgentClient.Surroundings(
            send: { [unowned self] octets, target, completion in
                note(octets, target)
                completion(
                    fate[target.description] ?? .sent(target.transport.isReliable ? ConnectionID(1) : nil)
                )
                answerProbe(octets, target)
            },
            resend: { [unowned self] octets, target in
                note(octets, target)
                answerProbe(octets, target)
            },
            prepare: { [unowned self] target, completion in
                guard holdsConnections else { return completion(nil) }
                connecting.append((now.sinceStart, target.description, completion))
            },
            sentBy: { [unowned self] target in
                let isIPv4 = IPAddress(target.address)?.isIPv4 == true
                return isIPv4 || hasIPv6 ? (.name("gw.example"), 5060) : nil
            },
            locate: { [unowned self] uri, completion in
                completion(hops[uri.host.text] ?? .failure(.notFound("no such name")))
            },
            tell: { [unowned self] in told.append(($0, $1)) },
            serviceMinting: { $0 == "a" ? ServiceName("audio") : nil },
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
        contact: String? = nil,
        allowsOversize: Bool = false,
        cancels: Int? = nil,
        key: String = "k",
        patience: Duration = .seconds(60)
    ) -> Int {
        dispatched += 1
        let number = dispatched
        var headers: SIPHeaders = [
            .from: "<sip:juliet@wonder.example>;tag=9", .to: "<\(uri)>\(toTag.map { ";tag=\($0)" } ?? "")",
            .callID: "c\(number)", .cSeq: "\(number) \(method.name)", .contentType: "text/plain",
        ]
        if let contact { headers[.contact] = contact }
        guard let target = SIPRequestURI(uri) else { return number }
        let request = SIPRequest(method, target, headers: headers, body: Array(body.utf8))
        let delivery = Delivery(
            id: DeliveryID(high: 0, low: UInt64(number)),
            key: ConversationKey(key),
            patience: patience,
            payload: .sipDispatch(
                SIPDispatch(
                    request: request,
                    allowsOversize: allowsOversize,
                    progressTo: method == .invite ? ServiceName("audio") : nil,
                    cancels: cancels.map { DeliveryID(high: 0, low: UInt64($0)) }
                )
            )
        )
        client.dispatch(delivery) { [unowned self] outcome in
            precondition(outcomes[number] == nil && !leftToOthers.contains(number), "answered twice")
            if let outcome { outcomes[number] = outcome } else { leftToOthers.append(number) }
        }
        return number
    }

    /// Answers what was sent as the nth.
    func answer(_ index: Int, _ status: Int, headers: SIPHeaders = SIPHeaders()) {
        answer(sent[index].text, status, headers)
    }

    /// The responses that services were told of.
    var progress: [SIPProgress] {
        told.compactMap {
            guard case .sipProgress(let progress) = $0.delivery.payload else { return nil }
            return progress
        }
    }

    private func answer(_ text: String, _ status: Int, _ headers: SIPHeaders = SIPHeaders()) {
        guard case .request(let request) = try? SIPMessage.parse(Array(text.utf8)) else { return }
        guard let via = try? request.headers.topVia() else { return }
        client.received(request.response(status, toTag: "t", headers: headers), via: via)
    }

    private func answerProbe(_ octets: ByteBuffer, _ target: TransportTarget) {
        let text = String(buffer: octets)
        guard text.isProbe, let status = lives[target.description] else { return }
        answer(text, status)
    }

    /// Ends the making of a connection, well or not.
    func connect(_ target: String, _ failure: SendFailure?) {
        guard let index = connecting.firstIndex(where: { $0.target == target }) else { return }
        connecting.remove(at: index).completion(failure)
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

    func text(_ number: Int) -> String? {
        guard case .failed(let failure) = outcomes[number] else { return nil }
        return failure.text
    }

    private func note(_ octets: ByteBuffer, _ target: TransportTarget) {
        let text = String(buffer: octets)
        let datagram = Datagram(at: now.sinceStart, target: target.description, text: text)
        if text.isProbe { probes.append(datagram) } else { sent.append(datagram) }
    }
}

extension String {
    fileprivate var isProbe: Bool { hasPrefix("OPTIONS") && field("Max-Forwards") == "0" }
}
