import BusContract
import SIPAuthentication
import SIPEdge
import SIPGrammar
import SIPTransport
import Testing

/// Requests that a peer wants to know more about (RFC 3261 section 22).
struct ClientDigestTests {
    private static let account = DigestClient.Account(
        realm: "trunk",
        user: "gw",
        secret: DigestSecret(password: "p"),
        peers: ["proxy.example"]
    )

    private func desk() -> ClientDesk {
        ClientDesk { $0.credentials = [Self.account] }
    }

    private func challenge(_ nonce: String, realm: String = "trunk", isStale: Bool = false) -> SIPHeaders {
        let challenge = SIPDigestChallenge(
            realm: realm,
            nonce: nonce,
            algorithm: "SHA-256",
            qualities: ["auth"],
            isStale: isStale
        )
        return [.proxyAuthenticate: challenge.description]
    }

    private func request(_ desk: ClientDesk, _ index: Int) throws -> SIPRequest {
        guard case .request(let request) = try SIPMessage.parse(Array(desk.sent[index].text.utf8)) else {
            throw NotARequest()
        }
        return request
    }

    @Test func `answers a challenge at the same target, as another transaction, and says what came of it`()
        throws
    {
        let desk = desk()
        let number = desk.dispatch()
        desk.answer(0, 407, headers: challenge("n1"))
        #expect(desk.sent.map(\.target) == ["udp:192.0.2.1:5060", "udp:192.0.2.1:5060"])
        #expect(desk.sent[0].branch != desk.sent[1].branch)
        let again = try request(desk, 1)
        #expect(try again.headers.cSeq().number == 2)
        #expect(try again.headers.callID() == "c1")
        let credentials = try again.headers.digestCredentials(.proxyAuthorization)
        #expect(credentials.map(\.user) == ["gw"])
        let digest = credentials.first?.digest(by: DigestSecret(password: "p"), user: "gw", of: again)
        #expect(credentials.first?.response == digest)
        #expect(desk.outcomes.isEmpty)
        desk.answer(1, 202)
        #expect(desk.status(number) == 202)
        guard case .ok(.sipResponse(let response)) = desk.outcomes[number] else { return }
        // The one who asked learns that the next request needs a higher CSeq.
        #expect(response.headers[.cSeq] == "2 MESSAGE")
    }

    @Test func `sends along what was accepted, and forgives a nonce that went stale`() throws {
        let desk = desk()
        desk.dispatch()
        desk.answer(0, 407, headers: challenge("n1"))
        desk.answer(1, 202)
        let number = desk.dispatch()
        #expect(
            try request(desk, 2).headers.digestCredentials(.proxyAuthorization).map(\.count) == ["00000002"]
        )
        #expect(try request(desk, 2).headers.cSeq().number == 2)
        desk.answer(2, 407, headers: challenge("n2", isStale: true))
        #expect(try request(desk, 3).headers.digestCredentials(.proxyAuthorization).map(\.nonce) == ["n2"])
        desk.answer(3, 200)
        #expect(desk.status(number) == 200)
    }

    @Test func `an INVITE is answered for too, and its CANCEL has its number`() throws {
        let desk = desk()
        let invite = desk.dispatch(method: .invite)
        desk.answer(0, 407, headers: challenge("n1"))
        #expect(desk.sent.map { $0.text.prefix(4) } == ["INVI", "ACK ", "INVI"])
        #expect(try request(desk, 1).headers.cSeq().number == 1)
        #expect(try request(desk, 2).headers.cSeq().number == 2)
        #expect(desk.outcomes.isEmpty)
        desk.answer(2, 180)
        desk.dispatch(method: .cancel, cancels: invite)
        #expect(try request(desk, 3).headers[.cSeq] == "2 CANCEL")
    }

    @Test func `gives up after a second rejection, and where it has no answer`() throws {
        let desk = desk()
        let rejected = desk.dispatch()
        desk.answer(0, 407, headers: challenge("n1"))
        desk.answer(1, 407, headers: challenge("n2"))
        #expect(desk.status(rejected) == 407)
        let foreign = desk.dispatch()
        desk.answer(2, 407, headers: challenge("n", realm: "elsewhere"))
        #expect(desk.status(foreign) == 407)
        #expect(desk.sent.count == 3)
    }

    @Test func `gives no digest to a host that the account is not for`() {
        let desk = desk()
        desk.hops["evil.example"] = .success(ClientDesk.hops("192.0.2.66"))
        let number = desk.dispatch(to: "sip:x@evil.example")
        desk.answer(0, 401, headers: [.wwwAuthenticate: "Digest realm=\"trunk\", nonce=\"n\""])
        #expect(desk.status(number) == 401)
        #expect(desk.sent.count == 1)
    }

    @Test func `without credentials a challenge is an answer like any other`() {
        let desk = ClientDesk()
        let number = desk.dispatch()
        desk.answer(0, 407, headers: challenge("n1"))
        #expect(desk.status(number) == 407)
        guard case .ok(.sipResponse(let response)) = desk.outcomes[number] else { return }
        #expect(!response.headers.contains(.cSeq))
    }

    @Test func `says in a Contact that was left open where the target reaches us`() throws {
        let desk = ClientDesk()
        desk.dispatch(contact: "<sip:gw@\(SIPContact.placeholder)>;expires=60")
        #expect(try request(desk, 0).headers[.contact] == "<sip:gw@gw.example:5060>;expires=60")
    }
}
