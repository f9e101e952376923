import BusContract
import MachineKit
import SIPAuthentication
import SIPEdge
import SIPGrammar
import SIPTransport
import Testing

/// Who is believed to be whom (ARCHITECTURE section 8).
struct AuthenticationTests {
    private static let secret = DigestSecret(password: "zanzibar")
    private static let stranger = "192.0.2.1"

    private static let access = AccessRules(
        domains: ["sip.example", "other.example"],
        foreignDomains: ["hosted.example"],
        accounts: [
            SIPAccount(user: "pbx", secret: secret, identities: [.domain("sip.example")]),
            SIPAccount(
                user: "romeo",
                secret: secret,
                identities: [SIPURI("sip:romeo@sip.example"), SIPURI("sip:r@far.example")].compactMap { $0 }
                    .map { .address($0) }
            ),
        ],
        realm: "gw"
    )

    private func admission(_ access: AccessRules = access) -> Admission {
        Admission(access: access, nonceKey: [1, 2, 3])
    }

    private func verdict(_ draft: Draft, _ admission: inout Admission, at seconds: Int64 = 0) throws -> String
    {
        let verdict = admission.verdict(
            on: try draft.received(),
            transaction: 5,
            at: WallTime(milliseconds: seconds * 1_000)
        )
        return switch verdict {
        case .refuse(let refusal): "\(refusal.answer.status) \(refusal.reason.rawValue)"
        case .options: "options"
        case .deliver(let parties): "\(parties.sender.uri)"
        }
    }

    struct Row: CustomStringConvertible, Sendable {
        var name: String
        var verdict: String
        var withoutAccounts: String?
        var change: @Sendable (inout Draft) -> Void
        var description: String { name }
    }

    static let rows = [
        Row(name: "a trusted network, From", verdict: "sip:romeo@sip.example") { $0.address = "127.9.9.9" },
        Row(name: "a trusted network, P-Asserted-Identity", verdict: "sip:pai@sip.example") {
            $0.address = "::1"
            $0.extra = "P-Asserted-Identity: <sip:pai@sip.example>\r\n"
        },
        Row(name: "a certificate for the domain of From", verdict: "sip:romeo@sip.example") {
            $0.proven = ["x.example", "sip.example"]
        },
        Row(
            name: "a certificate for another domain",
            verdict: "401 challenged",
            withoutAccounts: "403 unverified"
        ) {
            $0.proven = ["example", "a.sip.example"]
        },
        Row(name: "a certificate, and an assertion that is not read", verdict: "sip:romeo@sip.example") {
            $0.proven = ["sip.example"]
            $0.extra = "P-Asserted-Identity: <sip:pai@other.example>, <<\r\n"
        },
        Row(name: "a certificate does not open a relay", verdict: "403 relay") {
            $0.proven = ["far.example"]
            $0.from = "<sip:a@far.example>;tag=1"
        },
        Row(name: "a certificate, from anywhere to a hosted domain", verdict: "sip:a@far.example") {
            $0.proven = ["far.example"]
            $0.from = "<sip:a@far.example>;tag=1"
            $0.uri = "sip:juliet@hosted.example"
        },
        Row(name: "nothing", verdict: "401 challenged", withoutAccounts: "403 unverified") { _ in },
        Row(
            name: "nothing, to a hosted domain",
            verdict: "401 challenged",
            withoutAccounts: "403 unverified"
        ) {
            $0.from = "<sip:a@far.example>;tag=1"
            $0.uri = "sip:juliet@hosted.example"
        },
        Row(name: "nothing, for a relay", verdict: "403 relay") { $0.from = "<sip:a@far.example>;tag=1" },
        Row(name: "nothing, for our own domain", verdict: "404 unreachable") { $0.uri = "sip:a@sip.example" },
        Row(name: "an assertion", verdict: "401 challenged", withoutAccounts: "403 unverified") {
            $0.extra = "P-Asserted-Identity: <sip:pai@sip.example>\r\n"
        },
        Row(name: "a telephone number", verdict: "403 unverified") { $0.from = "<tel:+1555>;tag=1" },
        Row(
            name: "credentials for somebody else",
            verdict: "401 challenged",
            withoutAccounts: "403 unverified"
        ) {
            $0.extra =
                "Proxy-Authorization: Digest username=\"a\", realm=\"x\", nonce=\"n\", uri=\"sip:a@b\", response=\"0\"\r\n"
        },
        Row(
            name: "credentials that cannot be read",
            verdict: "400 malformed",
            withoutAccounts: "403 unverified"
        ) {
            $0.extra = "Authorization: Digest username=\"a\", realm=\"gw\"\r\n"
        },
        Row(name: "another scheme", verdict: "401 challenged", withoutAccounts: "403 unverified") {
            $0.extra = "Authorization: Basic cGJ4OnphbnppYmFy\r\n"
        },
        Row(name: "wrong credentials", verdict: "401 credentials", withoutAccounts: "403 unverified") {
            $0.extra =
                "Authorization: Digest username=\"pbx\", realm=\"gw\", nonce=\"n\", uri=\"\($0.uri)\", response=\"0\"\r\n"
        },
    ]

    @Test(arguments: rows)
    func `believes whom it may`(_ row: Row) throws {
        let draft = Draft().with {
            $0.address = Self.stranger
            row.change(&$0)
        }
        var admission = admission()
        #expect(try verdict(draft, &admission) == row.verdict)
        var closed = Self.access
        closed.accounts = []
        var without = self.admission(closed)
        #expect(try verdict(draft, &without) == row.withoutAccounts ?? row.verdict)
    }

    /// The same request with credentials for the challenge that it got.
    private func answered(
        _ draft: Draft,
        _ admission: inout Admission,
        user: String,
        password: String = "zanzibar",
        algorithm: Int = 0,
        header: String = "Authorization"
    ) throws -> Draft {
        let verdict = admission.verdict(
            on: try draft.received(),
            transaction: 1,
            at: WallTime(milliseconds: 0)
        )
        guard case .refuse(let refusal) = verdict else { return draft }
        let challenge = refusal.answer.headers.digestChallenges(.wwwAuthenticate)[algorithm]
        var credentials = SIPDigestCredentials(
            user: user,
            realm: challenge.realm,
            nonce: challenge.nonce,
            uri: draft.uri,
            response: "",
            algorithm: challenge.algorithm,
            clientNonce: "abc",
            quality: "auth-int",
            count: "00000001"
        )
        let request = try draft.received().request
        let secret = DigestSecret(password: password)
        credentials.response = credentials.digest(by: secret, user: user, of: request) ?? ""
        return draft.with { $0.extra += "\(header): \(credentials)\r\n" }
    }

    @Test(arguments: [
        ("pbx", "sip:anybody@sip.example", "sip:juliet@wonder.example", "sip:anybody@sip.example"),
        ("pbx", "sip:a@other.example", "sip:juliet@wonder.example", "403 not-entitled"),
        (
            "romeo", "sip:r%6Fmeo@SIP.example:5070;x", "sip:juliet@wonder.example",
            "sip:r%6Fmeo@sip.example:5070;x"
        ),
        ("romeo", "sip:mercutio@sip.example", "sip:juliet@wonder.example", "403 not-entitled"),
        ("romeo", "sip:r@far.example", "sip:juliet@hosted.example", "sip:r@far.example"),
        ("nobody", "sip:a@sip.example", "sip:juliet@wonder.example", "401 credentials"),
    ])
    func `an account may be whom it may be`(
        _ user: String,
        _ from: String,
        _ target: String,
        _ expected: String
    ) throws {
        for (algorithm, header) in [(0, "Authorization"), (1, "Proxy-Authorization")] {
            var admission = admission()
            let draft = Draft().with {
                $0.address = Self.stranger
                $0.from = "<\(from)>;tag=1"
                $0.uri = target
            }
            let answer = try answered(draft, &admission, user: user, algorithm: algorithm, header: header)
            #expect(try verdict(answer, &admission, at: 1) == expected)
        }
    }

    @Test func `a nonce ends after five minutes, a password that changes at once`() throws {
        var admission = admission()
        let draft = Draft().with { $0.address = Self.stranger }
        let answer = try answered(draft, &admission, user: "pbx")
        #expect(try verdict(answer, &admission, at: 299) == "sip:romeo@sip.example")
        #expect(try verdict(answer, &admission, at: 300) == "401 stale")
        admission.access.accounts[0].secret = DigestSecret(password: "new")
        #expect(try verdict(answer, &admission, at: 1) == "401 credentials")
        admission.access.accounts = []
        #expect(try verdict(answer, &admission, at: 1) == "403 unverified")
    }

    @Test func `another replica with the same key takes a challenge's answer`() throws {
        var (one, other) = (admission(), admission())
        let answer = try answered(Draft().with { $0.address = Self.stranger }, &one, user: "pbx")
        #expect(try verdict(answer, &other, at: 1) == "sip:romeo@sip.example")
        var foreign = Admission(access: Self.access, nonceKey: [9])
        #expect(try verdict(answer, &foreign, at: 1) == "401 credentials")
    }

    @Test func `a challenge says SHA-256 first, and MD5 for those who must`() throws {
        var admission = admission()
        let received = try Draft().with { $0.address = Self.stranger }.received()
        guard
            case .refuse(let refusal) = admission.verdict(
                on: received,
                transaction: 1,
                at: WallTime(milliseconds: 0)
            )
        else { return #expect(Bool(false), "admitted") }
        #expect(refusal.answer.status == 401)
        let challenges = refusal.answer.headers.digestChallenges(.wwwAuthenticate)
        #expect(challenges.map(\.algorithm) == ["SHA-256", "MD5"])
        #expect(challenges.allSatisfy { $0.realm == "gw" })
    }

    @Test func `a request is told without credentials, and without what strangers assert`() throws {
        let draft = Draft().with {
            $0.extra =
                "Authorization: Basic x\r\nProxy-Authorization: Basic y\r\n"
                + "P-Asserted-Identity: <sip:a@b>\r\nRemote-Party-ID: <sip:a@b>\r\nSubject: s\r\n"
        }
        let request = try draft.received().request
        let trusted = request.told(isTrusted: true)
        #expect(!trusted.headers.contains(.authorization) && !trusted.headers.contains(.proxyAuthorization))
        #expect(trusted.headers.contains(.pAssertedIdentity) && trusted.headers.contains("Remote-Party-ID"))
        let other = request.told(isTrusted: false)
        #expect(!other.headers.contains(.pAssertedIdentity) && !other.headers.contains("Remote-Party-ID"))
        #expect(other.headers[.subject] == "s" && other.body == request.body)
    }
}
