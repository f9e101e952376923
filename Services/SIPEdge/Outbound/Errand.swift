import BusContract
import MachineKit
import NIOCore
import SIPGrammar
import SIPTransport

/// One request's way through the hops that there are for it.
struct Errand {
    enum Step {
        case send(TransportTarget, [UInt8])
        case failed(Failure)
        /// No hop is left, but one had answered.
        case answered(SIPResponse)
    }

    let request: OutgoingRequest
    let deadline: Moment
    private var hops = NextHops()
    /// How many hops were tried that may have seen the request: each was another transaction.
    private var attempts = 0 {
        didSet { branch = request.branch(attempt: attempts) }
    }
    /// The branch of the current attempt.
    private(set) var branch: String
    private var udpTried = 0
    private var tcpTried = 0
    private(set) var lastFailure: Failure?
    private var lastResponse: SIPResponse?

    init(request: OutgoingRequest, deadline: Moment) {
        self.request = request
        self.deadline = deadline
        branch = request.branch(attempt: 0)
    }

    func with(_ hops: NextHops) -> Errand {
        var errand = self
        errand.hops = hops
        return errand
    }

    /// The hop could not be reached; whether something may have left all the same.
    func failed(_ failure: Failure, hasLeft: Bool) -> Errand {
        var errand = self
        errand.lastFailure = failure
        if hasLeft { errand.attempts += 1 }
        return errand
    }

    /// The hop has no room.
    func refused(_ response: SIPResponse) -> Errand {
        var errand = self
        errand.lastResponse = response
        errand.attempts += 1
        return errand
    }

    /// What to do next: by UDP if the request fits into a datagram, else by TCP; with UDP for what is too large only if
    /// the one who asked says so and there is no TCP (RFC 3261 section 18.1.1).
    mutating func nextStep(
        largestDatagram: Int,
        sentBy: (TransportTarget) -> (host: SIPHost, port: Int)?,
        isWithoutTCP: (SocketAddress) -> Bool
    ) -> Step {
        while udpTried < hops.udp.count {
            let target = TransportTarget(.udp, hops.udp[udpTried])
            guard let octets = write(for: target, sentBy) else {
                udpTried += 1
                lastFailure =
                    lastFailure ?? Failure(.unreachable, "\(target): no socket of this gateway reaches it")
                continue
            }
            if octets.count > largestDatagram {
                if let step = nextTCP(sentBy, isWithoutTCP) { return step }
                guard request.dispatch.allowsOversize else {
                    return .failed(tooLarge(octets.count, largestDatagram))
                }
            }
            udpTried += 1
            return .send(target, octets)
        }
        // Without any UDP, or after it, what is known to speak TCP.
        if hops.udp.isEmpty || hops.isTCPKnown, let step = nextTCP(sentBy, { _ in false }) { return step }
        if let lastResponse { return .answered(lastResponse) }
        return .failed(
            lastFailure
                ?? Failure(.unreachable, "no address was found for \(request.request.uri.scheme) target")
        )
    }

    private mutating func nextTCP(
        _ sentBy: (TransportTarget) -> (host: SIPHost, port: Int)?,
        _ isWithoutTCP: (SocketAddress) -> Bool
    ) -> Step? {
        while tcpTried < hops.tcp.count {
            let address = hops.tcp[tcpTried]
            tcpTried += 1
            if !hops.isTCPKnown, isWithoutTCP(address) { continue }
            let target = TransportTarget(.tcp, address)
            guard let octets = write(for: target, sentBy) else { continue }
            return .send(target, octets)
        }
        return nil
    }

    private func write(
        for target: TransportTarget,
        _ sentBy: (TransportTarget) -> (host: SIPHost, port: Int)?
    ) -> [UInt8]? {
        guard let (host, port) = sentBy(target) else { return nil }
        var via = SIPVia(transport: target.transport.viaName, host: host, port: port)
        via.branch = branch
        // RFC 3581: answer to where this came from.
        if target.transport == .udp { via.rport = nil }
        return request.written(via)
    }

    private func tooLarge(_ size: Int, _ limit: Int) -> Failure {
        let body = request.request.body.count
        let room = OutgoingRequest.room(size: size, body: body, limit: limit)
        return Failure(
            .tooLarge,
            "\(size) octets are more than UDP carries safely, and there is no TCP",
            room: room
        )
    }
}
