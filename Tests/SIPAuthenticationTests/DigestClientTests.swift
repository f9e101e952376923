import MachineKit
import SIPAuthentication
import SIPGrammar
import TestKit
import Testing

struct DigestClientTests {
    private static let bob = DigestClient.Account(
        realm: "biloxi.example",
        user: "bob",
        secret: DigestSecret(password: "zanzibar")
    )

    private let peer = "proxy.biloxi.example"

    private func digest(
        _ nonce: String = "n1",
        realm: String = "biloxi.example",
        algorithm: String? = "SHA-256",
        qualities: [String] = ["auth"],
        isStale: Bool = false
    ) -> SIPDigestChallenge {
        SIPDigestChallenge(
            realm: realm,
            nonce: nonce,
            opaque: "o",
            algorithm: algorithm,
            qualities: qualities,
            isStale: isStale
        )
    }

    private func answer(
        _ client: inout DigestClient,
        _ response: SIPResponse,
        _ request: SIPRequest = message(),
        _ attempts: DigestAttempts = DigestAttempts()
    ) -> DigestClient.Answer {
        client.answer(response, to: request, after: attempts, from: peer, clientNonce: "abc")
    }

    @Test(arguments: [401, 407])
    func `answers a challenge with the next CSeq`(_ status: Int) throws {
        var client = DigestClient(accounts: [Self.bob])
        let retry = try #require(answer(&client, challenge(status, digest())).request)
        #expect(retry.cSeq == 2)
        #expect(retry.headers.contains(status == 401 ? .authorization : .proxyAuthorization))
        let given = try #require(retry.credentials.first)
        #expect(retry.credentials.count == 1)
        #expect(given.user == "bob" && given.realm == "biloxi.example" && given.nonce == "n1")
        #expect(given.opaque == "o" && given.quality == "auth" && given.count == "00000001")
        #expect(given.uri == "sip:bob@biloxi.example" && given.algorithm == "SHA-256")
        let secret = DigestSecret(password: "zanzibar")
        #expect(given.response == given.digest(by: secret, user: "bob", of: retry))
    }

    @Test(arguments: [
        (["SHA-512-256", "SHA-256", "MD5"], "SHA-256"), (["MD5", "SHA-256"], "MD5"),
        (["TIGER", "MD5-sess"], "MD5-sess"),
    ])
    func `takes the topmost that it knows`(_ offered: [String], _ taken: String) throws {
        var client = DigestClient(accounts: [Self.bob])
        var headers = SIPHeaders()
        headers.append(.wwwAuthenticate, "Basic realm=\"biloxi.example\"")
        headers.append(.wwwAuthenticate, "Digest realm=\"unfinished")
        for algorithm in offered {
            headers.append(.wwwAuthenticate, digest(algorithm: algorithm).description)
        }
        let retry = try #require(answer(&client, SIPResponse(401, headers: headers)).request)
        #expect(retry.credentials.map(\.algorithm) == [taken])
    }

    @Test func `takes the plain quality before integrity, and none where none is offered`() throws {
        for (offered, taken) in [
            (["auth-int", "auth"], "auth"), (["auth-int"], "auth-int"), ([], nil),
            (["auth-conf", "AUTH"], "auth"),
        ] as [([String], String?)] {
            var client = DigestClient(accounts: [Self.bob])
            let retry = try #require(answer(&client, challenge(401, digest(qualities: offered))).request)
            let given = try #require(retry.credentials.first)
            #expect(given.quality == taken)
            #expect((given.count == nil) == (taken == nil) && (given.clientNonce == nil) == (taken == nil))
        }
    }

    @Test func `hides the user's name where it may`() throws {
        var client = DigestClient(
            accounts: [
                DigestClient.Account(
                    realm: "api@example.org",
                    user: "J\u{e4}s\u{f8}n Doe",
                    secret: DigestSecret(password: "Secret, or not?")
                )
            ]
        )
        var asked = digest(realm: "api@example.org")
        asked.hashesUser = true
        let retry = try #require(answer(&client, challenge(401, asked)).request)
        let given = try #require(retry.credentials.first)
        #expect(given.isUserHashed)
        #expect(given.user == "5a1a8a47df5c298551b9b42ba9b05835174a5bd7d511ff7fe9191d8e946fc4e7")
        let secret = DigestSecret(password: "Secret, or not?")
        #expect(given.response == given.digest(by: secret, user: "J\u{e4}s\u{f8}n Doe", of: retry))
    }

    @Test func `retries a stale nonce once and a rejection never`() throws {
        var client = DigestClient(accounts: [Self.bob])
        let first = answer(&client, challenge(401, digest()))
        let (request, attempts) = (try #require(first.request), try #require(first.attempts))
        #expect(answer(&client, challenge(401, digest("n2")), request, attempts).reason == .rejected)
        let stale = answer(&client, challenge(401, digest("n2", isStale: true)), request, attempts)
        let again = try #require(stale.request)
        #expect(again.cSeq == 3)
        #expect(again.credentials.map(\.nonce) == ["n2"])
        let third = answer(
            &client,
            challenge(401, digest("n3", isStale: true)),
            again,
            try #require(stale.attempts)
        )
        #expect(third.reason == .rejected)
    }

    @Test func `keeps what a peer accepted, counts its uses, and forgives that it has become stale`() throws {
        var client = DigestClient(accounts: [Self.bob])
        _ = answer(&client, challenge(407, digest()))
        var second = message(cSeq: 10)
        let attempts = client.prepare(&second, for: peer)
        #expect(second.cSeq == 10)
        #expect(second.credentials.map(\.count) == ["00000002"])
        var elsewhere = message()
        _ = client.prepare(&elsewhere, for: "other.example")
        #expect(elsewhere.credentials.isEmpty)
        // The peer has restarted and does not know its nonce: it need not say stale.
        let retry = try #require(answer(&client, challenge(407, digest("n2")), second, attempts).request)
        #expect(retry.credentials.map(\.nonce) == ["n2"])
        #expect(retry.credentials.map(\.count) == ["00000001"])
        client.accepted(
            SIPResponse(200, headers: [.proxyAuthenticationInfo: "nextnonce=\"n3\", qop=auth"]),
            from: peer
        )
        var third = message()
        _ = client.prepare(&third, for: peer)
        #expect(third.credentials.map(\.nonce) == ["n3"])
        #expect(third.credentials.map(\.count) == ["00000001"])
    }

    @Test func `answers two realms, together or one after the other`() throws {
        let proxy = DigestClient.Account(
            realm: "proxy",
            user: "p",
            secret: DigestSecret(password: "q")
        )
        var client = DigestClient(accounts: [Self.bob, proxy])
        let first = answer(&client, challenge(407, digest("a", realm: "proxy")))
        let (request, attempts) = (try #require(first.request), try #require(first.attempts))
        let second = try #require(answer(&client, challenge(401, digest("b")), request, attempts).request)
        #expect(second.cSeq == 3)
        #expect(Set(second.credentials.map(\.realm)) == ["proxy", "biloxi.example"])
        #expect(second.credentials.first { $0.realm == "proxy" }?.count == "00000002")
        var other = DigestClient(accounts: [Self.bob, proxy])
        let both = try #require(
            answer(&other, challenge(401, digest("a", realm: "proxy"), digest("b"))).request
        )
        #expect(both.credentials.map(\.user).sorted() == ["bob", "p"])
    }

    @Test func `gives up on what it has no answer to`() {
        var client = DigestClient(accounts: [Self.bob])
        #expect(answer(&client, SIPResponse(200)).reason == .noChallenge)
        #expect(answer(&client, SIPResponse(401)).reason == .noChallenge)
        #expect(answer(&client, challenge(403, digest())).reason == .noChallenge)
        #expect(answer(&client, challenge(401, digest(realm: "x"))).reason == .noAccount)
        #expect(answer(&client, challenge(401, digest(algorithm: "TIGER"))).reason == .unsupported)
        #expect(answer(&client, challenge(401, digest(qualities: ["auth-conf"]))).reason == .unsupported)
        #expect(
            answer(&client, challenge(401, digest()), message(cSeq: UInt32(Int32.max))).reason == .noChallenge
        )
    }

    @Test func `gives a password's digest to those alone that it is for`() {
        var account = Self.bob
        account.peers = ["trunk.example"]
        var client = DigestClient(accounts: [account])
        #expect(answer(&client, challenge(401, digest())).reason == .noAccount)
        account.realm = nil
        account.peers = [peer]
        client = DigestClient(accounts: [account])
        #expect(answer(&client, challenge(401, digest(realm: "whatever"))).request != nil)
    }

    @Test func `ever new realms come to an end`() throws {
        var account = Self.bob
        account.realm = nil
        var client = DigestClient(accounts: [account])
        var (request, attempts, rounds) = (message(), DigestAttempts(), 0)
        while rounds < 100 {
            let next = answer(&client, challenge(401, digest(realm: "r\(rounds)")), request, attempts)
            guard let again = next.request, let tried = next.attempts else { break }
            (request, attempts) = (again, tried)
            rounds += 1
        }
        #expect(rounds == 6)
    }

    /// Law: a server accepts what a client makes of its challenge, each time anew.
    @Test func `client and server understand each other`() throws {
        var generator = SplitMix64(seed: 3)
        var server = DigestServer(
            realm: "gw \"x\\y\" \u{e4}",
            users: ["bob": DigestSecret(password: "zan:zi bar")],
            key: [1, 2, 3]
        )
        var client = DigestClient(
            accounts: [
                DigestClient.Account(
                    realm: nil,
                    user: "bob",
                    secret: DigestSecret(password: "zan:zi bar")
                )
            ]
        )
        for round in 0..<200 as Range<Int64> {
            let salt = generator.next()
            var request = message(
                "sip:b\(round % 3)@biloxi.example",
                body: String(repeating: "x", count: Int(round))
            )
            var attempts = client.prepare(&request, for: peer)
            var verdict = DigestServer.Verdict.absent
            for _ in 0..<3 {
                verdict = server.verdict(
                    on: request.credentials,
                    of: request,
                    transaction: generator.next(),
                    at: .seconds(round * 7)
                )
                if case .accepted = verdict { break }
                let isStale = if case .stale = verdict { true } else { false }
                let made = server.challenges(isStale: isStale, salt: salt, at: .seconds(round * 7))
                let response = challenge(401, made[0], made[1])
                let next = answer(&client, response, request, attempts)
                request = try #require(next.request)
                attempts = try #require(next.attempts)
            }
            #expect(verdict == .accepted(user: "bob"), "round \(round)")
        }
    }
}
