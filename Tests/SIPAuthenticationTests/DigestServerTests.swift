import MachineKit
import SIPAuthentication
import SIPGrammar
import TestKit
import Testing

struct DigestServerTests {
    private static let users = [
        "bob": DigestSecret(password: "zanzibar"), "pbx": DigestSecret(password: "x y"),
    ]

    private func server(capacity: Int = 16, key: UInt8 = 1) -> DigestServer {
        DigestServer(
            realm: "gw.example",
            users: Self.users,
            key: Array(repeating: key, count: 32),
            lifetime: .seconds(300),
            capacity: capacity
        )
    }

    /// Credentials as a client makes them for a challenge.
    private func answer(
        _ challenge: SIPDigestChallenge,
        _ request: SIPRequest,
        user: String = "bob",
        password: String = "zanzibar",
        count: String? = "00000001",
        quality: String? = "auth"
    ) -> SIPDigestCredentials {
        var credentials = SIPDigestCredentials(
            user: user,
            realm: challenge.realm,
            nonce: challenge.nonce,
            uri: request.uri.description,
            response: "",
            algorithm: challenge.algorithm,
            clientNonce: quality == nil ? nil : "abc",
            quality: quality,
            count: quality == nil ? nil : count
        )
        let secret = DigestSecret(password: password)
        credentials.response = credentials.digest(by: secret, user: user, of: request) ?? ""
        return credentials
    }

    @Test func `offers SHA-256 before MD5, with quality and one nonce, and each salt another`() throws {
        let challenges = server().challenges(salt: 7, at: .seconds(0))
        #expect(challenges.map(\.algorithm) == ["SHA-256", "MD5"])
        #expect(
            challenges.allSatisfy { $0.realm == "gw.example" && !$0.isStale && $0.nonce.utf8.count == 40 }
        )
        #expect(challenges.allSatisfy { $0.qualities == ["auth"] })
        #expect(Set(challenges.map(\.nonce)).count == 1)
        let other = server().challenges(isStale: true, salt: 8, at: .seconds(0))
        #expect(other[0].nonce != challenges[0].nonce)
        #expect(other[0].isStale)
    }

    @Test func `offers only what every user's secret can do`() throws {
        let md5 = try #require(DigestSecret(hashed: "52764fa139e4159ef2ccde9868b45646"))
        let one = DigestServer(realm: "r", users: ["a": md5, "b": DigestSecret(password: "p")], key: [1])
        #expect(one.hashes == [.md5])
        #expect(DigestServer(realm: "r", users: [:], key: [1]).hashes == [.sha256, .md5])
        #expect(!DigestServer(realm: "r", users: [:], key: [1]).hasUsers)
    }

    @Test(arguments: ["SHA-256", "MD5"], ["auth", "auth-int", nil])
    func `accepts who knows the password`(_ algorithm: String, _ quality: String?) throws {
        var server = server()
        let challenges = server.challenges(salt: 1, at: .seconds(0))
        let challenge = try #require(challenges.first { $0.algorithm == algorithm })
        let request = message()
        let credentials = answer(challenge, request, quality: quality)
        let verdict = server.verdict(on: [credentials], of: request, transaction: 1, at: .seconds(1))
        #expect(verdict == .accepted(user: "bob"))
    }

    struct Case: CustomStringConvertible, Sendable {
        var name: String
        var verdict: DigestServer.Verdict
        var change: @Sendable (inout SIPDigestCredentials) -> Void
        var description: String { name }
    }

    @Test(arguments: [
        Case(name: "another realm", verdict: .absent) { $0.realm = "GW.example" },
        Case(name: "another user", verdict: .rejected(.secret)) { $0.user = "eve" },
        Case(name: "another known user", verdict: .rejected(.secret)) { $0.user = "pbx" },
        Case(name: "a hashed user", verdict: .rejected(.secret)) { $0.isUserHashed = true },
        Case(name: "a wrong digest", verdict: .rejected(.secret)) { $0.response = "00" },
        Case(name: "no digest", verdict: .rejected(.secret)) { $0.response = "" },
        Case(name: "a longer digest", verdict: .rejected(.secret)) { $0.response += "0" },
        Case(name: "another count", verdict: .rejected(.secret)) { $0.count = "00000002" },
        Case(name: "another quality", verdict: .rejected(.secret)) { $0.quality = "auth-conf" },
        Case(name: "a session", verdict: .rejected(.algorithm)) { $0.algorithm = "SHA-256-sess" },
        Case(name: "an unknown algorithm", verdict: .rejected(.algorithm)) { $0.algorithm = "SHA-512-256" },
        Case(name: "another host", verdict: .rejected(.uri)) { $0.uri = "sip:bob@elsewhere.example" },
        Case(name: "another user's URI", verdict: .rejected(.uri)) { $0.uri = "sip:eve@biloxi.example" },
        Case(name: "no URI", verdict: .rejected(.uri)) { $0.uri = "/" },
        Case(name: "a forged nonce, wrong", verdict: .rejected(.secret)) { $0.nonce = "x" },
        Case(name: "a forged nonce, integral", verdict: .rejected(.nonce)) {
            $0.nonce = "x"
            $0.quality = "auth-int"
        },
        Case(name: "a host in capitals, and a port", verdict: .rejected(.secret)) {
            $0.uri = "sip:b%6fb@BILOXI.example:5060;lr"
        },
    ])
    func `rejects whatever else`(_ row: Case) throws {
        var server = server()
        let request = message()
        var credentials = answer(server.challenges(salt: 1, at: .seconds(0))[0], request)
        row.change(&credentials)
        let verdict = server.verdict(on: [credentials], of: request, transaction: 1, at: .seconds(1))
        #expect(verdict == row.verdict)
        #expect(server.remembered == 0)
    }

    @Test func `says stale when only the nonce is at fault`() throws {
        var server = server()
        let request = message()
        let challenge = server.challenges(salt: 1, at: .seconds(0))[0]
        let credentials = answer(challenge, request)
        #expect(
            server.verdict(on: [credentials], of: request, transaction: 1, at: .seconds(300))
                == .stale(.expired)
        )
        let wrong = answer(challenge, request, password: "no")
        #expect(
            server.verdict(on: [wrong], of: request, transaction: 1, at: .seconds(300)) == .rejected(.secret)
        )
        let foreign = answer(self.server(key: 2).challenges(salt: 1, at: .seconds(0))[0], request)
        #expect(
            server.verdict(on: [foreign], of: request, transaction: 1, at: .seconds(0)) == .stale(.foreign)
        )
    }

    @Test func `takes each count once, in any order within 64, and the repeat of a request again`() throws {
        var server = server()
        let request = message()
        let challenge = server.challenges(salt: 1, at: .seconds(0))[0]
        func use(_ count: UInt32, _ transaction: UInt64) -> Bool {
            let digits = String(count, radix: 16)
            let padded = String(repeating: "0", count: 8 - digits.count) + digits
            let credentials = answer(challenge, request, count: padded)
            let verdict = server.verdict(
                on: [credentials],
                of: request,
                transaction: transaction,
                at: .seconds(1)
            )
            return verdict == .accepted(user: "bob")
        }
        let steps: [(UInt32, UInt64, Bool)] = [
            (1, 1, true), (1, 1, true), (1, 2, false), (3, 3, true), (2, 4, true), (2, 4, false),
            (70, 5, true),
            (6, 6, false), (7, 7, true), (7, 8, false), (UInt32.max, 9, true), (70, 10, false),
        ]
        for (count, transaction, expected) in steps {
            #expect(use(count, transaction) == expected, "count \(count) of request \(transaction)")
        }
    }

    @Test func `remembers no more nonces than it may, and takes what it forgot for stale`() throws {
        var server = server(capacity: 4)
        let request = message()
        func credentials(_ salt: UInt64, at seconds: Int64) -> SIPDigestCredentials {
            answer(server.challenges(salt: salt, at: .seconds(seconds))[0], request)
        }
        let all = (0..<6).map { credentials(UInt64($0), at: Int64($0)) }
        for (index, given) in all.enumerated() {
            let verdict = server.verdict(
                on: [given],
                of: request,
                transaction: UInt64(index),
                at: .seconds(10)
            )
            #expect(verdict == .accepted(user: "bob"))
        }
        #expect(server.remembered == 4)
        let replay = server.verdict(on: [all[0]], of: request, transaction: 99, at: .seconds(10))
        #expect(replay == .stale(.repeated))
        // What has expired makes room by itself.
        let late = credentials(50, at: 400)
        _ = server.verdict(on: [late], of: request, transaction: 1, at: .seconds(400))
        #expect(server.remembered == 1)
    }

    /// Law: whatever is changed in a nonce, it is not ours any more.
    @Test func `no octet of a nonce may be another`() throws {
        var server = server()
        var generator = SplitMix64(seed: 7)
        let request = message()
        let challenge = server.challenges(salt: 1, at: .seconds(0))[0]
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\"".utf8)
        for place in 0..<challenge.nonce.utf8.count {
            var octets = Array(challenge.nonce.utf8)
            let before = octets[place]
            octets[place] = alphabet.randomElement(using: &generator) ?? 0
            guard octets[place] != before else { continue }
            var forged = challenge
            forged.nonce = String(decoding: octets, as: UTF8.self)
            let given = answer(forged, request)
            let verdict = server.verdict(on: [given], of: request, transaction: 1, at: .seconds(1))
            #expect(verdict == .stale(.foreign))
        }
    }
}
