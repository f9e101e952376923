import BusContract
import MachineKit
import SIPEdge
import SIPTransport
import TestKit
import Testing

/// Targets that are there, gone, mute, full or hard to hear, and requests that must find their way among them.
///
/// The law: whoever asks is told once; where a target lives, the request is answered; no two targets take it; and nothing
/// is left behind.
struct FailoverLawTests {
    private enum Kind: CaseIterable {
        case living
        /// Two of five packets are lost, in either direction.
        case lossy
        case refusing
        case unreachable
        case mute
        case full
    }

    @Test(arguments: 0..<80)
    func `a request is answered by one living target if there is any`(seed: UInt64) {
        var dice = SplitMix64(seed: seed)
        let desk = ClientDesk()
        let kinds = (0..<Int.random(in: 1...5, using: &dice)).map { _ in
            Kind.allCases.randomElement(using: &dice) ?? .living
        }
        let addresses = kinds.indices.map { "192.0.2.\($0 + 1)" }
        desk.hops["proxy.example"] = .success(NextHops(addresses.map { ClientDesk.hop(.udp, $0) }))
        for (kind, address) in zip(kinds, addresses) {
            switch kind {
            case .refusing: desk.fate["udp:\(address):5060"] = .failed(.refused)
            case .unreachable: desk.fate["udp:\(address):5060"] = .failed(.unreachable)
            case .living, .lossy, .full: desk.lives["udp:\(address):5060"] = 200
            case .mute: break
            }
        }
        let numbers = (0..<4).map { desk.dispatch(to: "sip:user\($0)@sip.example") }
        var taken: [String: Set<String>] = [:]
        var seen = 0
        for _ in 0..<700 {
            desk.wait(.milliseconds(100))
            while seen < desk.sent.count {
                let (index, datagram) = (seen, desk.sent[seen])
                seen += 1
                guard let place = addresses.firstIndex(where: { datagram.target == "udp:\($0):5060" }) else {
                    continue
                }
                switch kinds[place] {
                case .refusing, .unreachable, .mute: break
                case .full: desk.answer(index, 503)
                case .living, .lossy:
                    let isLossy = kinds[place] == .lossy
                    if isLossy, Int.random(in: 0..<5, using: &dice) < 2 { continue }
                    taken[datagram.text.field("Call-ID") ?? "", default: []].insert(datagram.target)
                    if isLossy, Int.random(in: 0..<5, using: &dice) < 2 { continue }
                    desk.answer(index, 200)
                }
            }
        }
        // Whoever hears badly may have taken it, and is not left for another.
        let isServed = kinds.contains(.living) && !kinds.contains(.lossy)
        for number in numbers {
            #expect(desk.outcomes[number] != nil, "seed \(seed): \(kinds)")
            if isServed { #expect(desk.status(number) == 200, "seed \(seed): \(kinds)") }
        }
        #expect(taken.values.allSatisfy { $0.count == 1 }, "seed \(seed): \(kinds) \(taken)")
        #expect(desk.client.load == (outstanding: 0, waiting: 0), "seed \(seed)")
        let dead = kinds.filter { $0 == .refusing || $0 == .unreachable || $0 == .mute }
        #expect(desk.client.failedTargets <= dead.count, "seed \(seed): \(kinds)")
    }
}
