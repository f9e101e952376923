import BusContract
import Logging
import MachineKit
import SIPAuthentication
import SIPEdge
import SIPGrammar
import TestKit
import Testing

/// Addresses that are kept registered, each by the edge that owns its shard.
struct RegistrationsTests {
    /// A trunk whose answers a test gives.
    private final class Desk {
        private(set) var asked: [(request: SIPRequest, reply: (Outcome?) -> Void)] = []
        var owned: (UInt8) -> Bool = { _ in true }
        var now = Moment.start
        private var wakes: [Moment] = []
        private var subject: Registrations?

        init(_ entries: [RegistrationEntry]) {
            subject = Registrations(
                entries,
                Registrations.Surroundings(
                    dispatch: { [unowned self] delivery, reply in
                        guard case .sipDispatch(let dispatch) = delivery.payload else { return reply(nil) }
                        asked.append((dispatch.request, reply))
                    },
                    owns: { [unowned self] in owned($0) },
                    now: { [unowned self] in now },
                    wallTime: { WallTime(milliseconds: 1_700_000_000_000) },
                    wake: { [unowned self] in wakes.append($0) },
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                    generator: SplitMix64(seed: 1)
                )
            )
        }

        var registrations: Registrations {
            guard let subject else { preconditionFailure("made in init") }
            return subject
        }

        var bound: [String] { registrations.states.filter(\.isBound).map(\.address) }

        func answer(_ index: Int, _ response: SIPResponse) {
            asked[index].reply(.ok(.sipResponse(response)))
        }

        func wait(_ duration: Duration) {
            let end = now + duration
            while let next = wakes.min(), next <= end {
                wakes.removeAll { $0 <= next }
                now = max(now, next)
                registrations.fire()
            }
            now = end
        }
    }

    private func entry(_ user: String) throws -> RegistrationEntry {
        RegistrationEntry(
            address: try #require(SIPURI("sip:\(user)@trunk.example")),
            registrar: try #require(SIPURI("sip:trunk.example")),
            user: user,
            secret: DigestSecret(password: "p"),
            expires: 600
        )
    }

    private let ok = SIPResponse(200, headers: [.expires: "600"])

    @Test func `registers, proves itself, refreshes, and leaves`() throws {
        let desk = Desk([try entry("a")])
        desk.registrations.share()
        let first = desk.asked[0].request
        #expect(first.method == .register && first.uri.description == "sip:trunk.example")
        // The seconds since 2020, so that the next owner's is higher.
        #expect(try first.headers.cSeq().number == 122_163_200)
        let contact = try #require(first.headers[.contact])
        #expect(contact.hasPrefix("<sip:a@\(SIPContact.placeholder)>;expires=600;+sip.instance=\"<urn:uuid:"))
        let challenge = SIPDigestChallenge(realm: "r", nonce: "n", qualities: ["auth"])
        desk.answer(0, SIPResponse(401, headers: [.wwwAuthenticate: challenge.description]))
        #expect(try desk.asked[1].request.headers.digestCredentials(.authorization).map(\.user) == ["a"])
        desk.answer(1, ok)
        #expect(desk.bound == ["sip:a@trunk.example"])
        desk.wait(.seconds(509))
        #expect(desk.asked.count == 2)
        desk.wait(.seconds(1))
        #expect(desk.asked.count == 3)
        desk.answer(2, ok)
        var isOver = false
        desk.registrations.leave { isOver = true }
        #expect(desk.asked[3].request.headers[.expires] == "0")
        #expect(!isOver)
        desk.answer(3, SIPResponse(200))
        #expect(isOver && desk.bound.isEmpty)
        desk.registrations.share()
        desk.wait(.seconds(10_000))
        #expect(desk.asked.count == 4)
    }

    @Test func `each address is one edge's`() throws {
        let entries = try (0..<20).map { try entry("u\($0)") }
        let (one, other) = (Desk(entries), Desk(entries))
        one.owned = { $0 < 128 }
        other.owned = { $0 >= 128 }
        one.registrations.share()
        other.registrations.share()
        let asked = (one.asked + other.asked).map(\.request.headers[.from])
        #expect(asked.count == 20 && Set(asked).count == 20)
        // One takes everything: what the other has said is said anew, and the other says nothing more.
        other.owned = { _ in false }
        one.owned = { _ in true }
        let before = one.asked.count
        other.registrations.share()
        one.registrations.share()
        #expect(one.asked.count == 20 && before < 20)
        let late = other.asked.count
        for index in 0..<late { other.answer(index, ok) }
        other.wait(.seconds(10_000))
        #expect(other.asked.count == late && other.bound.isEmpty)
    }

    @Test func `tries again what got no answer, and is told so`() throws {
        let desk = Desk([try entry("a")])
        desk.registrations.share()
        desk.asked[0].reply(.failed(Failure(.timeout, "no answer")))
        desk.wait(.seconds(30))
        #expect(desk.asked.count == 2)
        desk.asked[1].reply(nil)
        desk.wait(.seconds(60))
        #expect(desk.asked.count == 3)
        // An answer that comes for the first is nobody's.
        #expect(desk.bound.isEmpty)
    }

    @Test func `other addresses may come and go while it runs`() throws {
        let desk = Desk([try entry("a")])
        desk.registrations.share()
        desk.answer(0, ok)
        desk.registrations.reload([try entry("b")])
        #expect(desk.asked.map { $0.request.headers[.expires] } == ["600", "0", "600"])
        desk.answer(1, SIPResponse(200))
        desk.answer(2, ok)
        #expect(desk.bound == ["sip:b@trunk.example"])
    }

    @Test func `without addresses there is nothing to leave`() {
        let desk = Desk([])
        desk.registrations.share()
        var isOver = false
        desk.registrations.leave { isOver = true }
        #expect(isOver)
    }
}
