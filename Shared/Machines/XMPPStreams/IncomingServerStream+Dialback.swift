import MachineKit
import XMPPGrammar

/// Dialback on a stream to us: as the receiving server and as the authoritative one (XEP-0220 section 2.2).
extension IncomingServerStream {
    mutating func hearDialback(_ element: Element, _ talk: Talk) -> Effects {
        // On a stream to us there are only questions; an answer is an attempt to spoof (XEP-0220 section 3.1).
        guard element["type"] == nil else { return [.ignore("unsolicited dialback")] }
        guard let remote = StreamElements.domain(element["from"]),
            let local = StreamElements.domain(element["to"])
        else {
            return fail(
                StreamError(.improperAddressing, text: "dialback needs 'from' and 'to' that are domains")
            )
        }
        let pair = DomainPair(local: local, remote: remote)
        switch element.name {
        case "result": return judge(DialbackRequest(pair: pair, streamID: talk.id, key: element.text), talk)
        case "verify": return answer(element, pair, talk)
        default: return [.ignore("unknown dialback")]
        }
    }

    /// The peer wants to be believed (XEP-0220 section 2.2.1).
    private mutating func judge(_ request: DialbackRequest, _ talk: Talk) -> Effects {
        let pair = request.pair
        switch pairs[pair] {
        case .believed: return answer(.valid, pair)
        case .asked: return [.ignore("a key that is being checked")]
        case nil: break
        }
        guard domains.accepts(pair) else { return answer(.error(.itemNotFound), pair) }
        guard !domains.local.contains(pair.remote) else { return answer(.error(.notAcceptable), pair) }
        switch security {
        case .insecure: break
        case .dialback:
            guard talk.channel.isSecured else { return answer(.error(.policyViolation), pair) }
        case .required:
            guard talk.channel.isSecured else { return answer(.error(.policyViolation), pair) }
            guard let certificate = talk.channel.certificate, certificate.proves(pair.remote) else {
                return answer(.error(.notAuthorized), pair)
            }
        }
        let most = believed.isEmpty ? Self.mostPairsBeforeBelief : Self.mostPairs
        guard pairs.count < most else { return answer(.error(.resourceConstraint), pair) }
        pairs[pair] = .asked(request)
        return [.send(.verify(request))]
    }

    /// The authoritative server has spoken.
    mutating func conclude(_ request: DialbackRequest, _ verdict: DialbackVerdict) -> Effects {
        let pair = request.pair
        guard pairs[pair] == .asked(request) else { return [.ignore("a verdict that nobody waits for")] }
        pairs[pair] = nil
        switch verdict {
        case .valid:
            return answer(.valid, pair) + believe(pair)
        case .invalid where believed.isEmpty:
            return answer(.invalid, pair) + end(.refused("the key was not made by the domain's server"))
        // Other pairs of this stream are good; a stream error would cost them too (XEP-0220 section 2.2.1).
        case .invalid:
            return answer(.error(.forbidden), pair)
        case .error:
            return answer(verdict, pair)
        }
    }

    mutating func believe(_ pair: DomainPair) -> Effects {
        guard pairs[pair] != .believed else { return [] }
        pairs[pair] = .believed
        believed[pair.remote, default: 0] += 1
        return [.cancel(.negotiation), .send(.authenticated(pair))]
    }

    /// Says whether a key is one of ours (XEP-0220 section 2.2.2).
    private func answer(_ element: Element, _ pair: DomainPair, _ talk: Talk) -> Effects {
        guard let id = element["id"] else { return [.ignore("a question without an id")] }
        let verdict: DialbackVerdict
        if security.needsTLS, !talk.channel.isSecured {
            verdict = .error(.policyViolation)
        } else if StreamElements.areEqual(trimmed(element.text), dialbackKey(pair.remote, pair.local, id)) {
            // Only we can have made it, whether or not the domain is still among ours.
            verdict = .valid
        } else {
            verdict = domains.local.contains(pair.local) ? .invalid : .error(.itemNotFound)
        }
        let reply = StreamElements.dialbackAnswer(
            "verify",
            verdict,
            from: pair.local,
            to: pair.remote,
            id: id
        )
        return [.send(.element(reply))]
    }

    private func answer(_ verdict: DialbackVerdict, _ pair: DomainPair) -> Effects {
        [.send(.element(StreamElements.dialbackAnswer("result", verdict, from: pair.local, to: pair.remote)))]
    }

    private func trimmed(_ text: String) -> String {
        var octets = text.utf8[...]
        while let first = octets.first, first <= 32 { octets.removeFirst() }
        while let last = octets.last, last <= 32 { octets.removeLast() }
        return String(octets) ?? ""
    }
}
