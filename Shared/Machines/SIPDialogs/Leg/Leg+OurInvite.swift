import MachineKit
import SIPGrammar

// Conforms: RFC 3262 §4 (complete)
// Conforms: RFC 3261 §13.2.2 (complete)

/// Responses to an INVITE of ours, the first or another.
extension Leg {
    /// Takes a provisional response; false if it came again or out of order.
    mutating func provisional(
        _ number: UInt32,
        _ response: SIPResponse,
        _ turn: inout Turn
    ) -> Bool {
        let body = SessionBody(response.headers, response.body)
        guard response.headers.lists("100rel", in: .require), let rSeq = (try? response.headers.rSeq()) ?? nil
        else {
            if let body, !isEstablished { turn.tell(.early(body, fork: fork)) }
            return true
        }
        if let latest = self.rSeq, rSeq != latest &+ 1 {
            turn.ignore("a reliable provisional response again, or out of order")
            return false
        }
        guard sent.count < Self.maximumSent else {
            turn.ignore("a reliable provisional response whose predecessors' PRACKs have no answer")
            return false
        }
        self.rSeq = rSeq
        peer.learn(response.headers)
        let rAck = SIPRAck(response: rSeq, number: number)
        guard let body, acceptsDescription else {
            acknowledge(rAck, nil, &turn)
            return true
        }
        if exchange.isFree {
            exchange.receive(body, in: .provisional(rAck))
            turn.tell(.offered(body, fork: fork))
        } else {
            acknowledge(rAck, nil, &turn)
            answered(body, &turn)
        }
        return true
    }

    /// Whether a description in a response to our INVITE is its answer or the offer that it asked for.
    private var acceptsDescription: Bool {
        switch exchange.outstanding {
        case .ours(.invite): true
        case nil: !exchange.isSettled
        case .ours, .theirs: false
        }
    }

    private mutating func answered(_ body: SessionBody, _ turn: inout Turn) {
        exchange.answered(body)
        turn.tell(.answered(body, fork: fork))
    }

    /// Sends a PRACK (RFC 3262 section 4).
    mutating func acknowledge(_ rAck: SIPRAck, _ body: SessionBody?, _ turn: inout Turn) {
        send(.prack, .prack, headers: [.rAck: rAck.description], body: body, &turn)
    }

    /// Takes the 2xx to our INVITE, and acknowledges it unless it has an offer.
    mutating func succeeded(
        _ label: RequestLabel,
        _ number: UInt32,
        _ response: SIPResponse,
        _ turn: inout Turn
    ) {
        peer.learn(response.headers)
        timing.accepted(response.headers)
        startInterval(&turn)
        rSeq = nil
        let body = SessionBody(response.headers, response.body)
        guard acceptsDescription else { return complete(label, number, nil, &turn) }
        guard let body else {
            exchange.withdraw()
            acknowledge(label, number, nil, &turn)
            return turn.end(.farewell(.noAnswer, [.status(488)]))
        }
        if exchange.isFree {
            exchange.receive(body, in: .success(label, number))
            turn.tell(.offered(body, fork: fork))
        } else {
            answered(body, &turn)
            complete(label, number, nil, &turn)
        }
    }

    /// Sends the ACK, with which the call is established.
    mutating func complete(
        _ label: RequestLabel,
        _ number: UInt32,
        _ body: SessionBody?,
        _ turn: inout Turn
    ) {
        acknowledge(label, number, body, &turn)
        guard !isEstablished else { return }
        isEstablished = true
        turn.tell(.established(fork: fork))
    }
}
