import SIPAuthentication
import SIPGrammar
import Testing

/// The examples of RFC 2617 section 3.5 and RFC 7616 section 3.9.1, and others made with another program.
struct DigestVectorTests {
    struct Vector: CustomStringConvertible, Sendable {
        var algorithm: String?
        var user = "Mufasa"
        var realm: String
        var password: String
        var method = "GET"
        var uri = "/dir/index.html"
        var nonce: String
        var clientNonce: String?
        var quality: String?
        var count: String? = "00000001"
        var body = ""
        var digest: String

        var description: String { "\(algorithm ?? "none") \(quality ?? "none") \(realm)" }
    }

    private static let mufasa = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
    private static let scar = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"

    static let vectors = [
        Vector(
            algorithm: nil,
            realm: "testrealm@host.com",
            password: "Circle Of Life",
            nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
            clientNonce: "0a4f113b",
            quality: "auth",
            digest: "6629fae49393a05397450978507c4ef1"
        ),
        // RFC 2069's own example, as its erratum 749 has it.
        Vector(
            algorithm: nil,
            realm: "testrealm@host.com",
            password: "CircleOfLife",
            nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
            clientNonce: nil,
            quality: nil,
            count: nil,
            digest: "1949323746fe6a43ef61f9606e7febea"
        ),
        Vector(
            algorithm: "MD5",
            realm: "http-auth@example.org",
            password: "Circle of Life",
            nonce: mufasa,
            clientNonce: scar,
            quality: "auth",
            digest: "8ca523f5e9506fed4657c9700eebdbec"
        ),
        Vector(
            algorithm: "sha-256",
            realm: "http-auth@example.org",
            password: "Circle of Life",
            nonce: mufasa,
            clientNonce: scar,
            quality: "auth",
            digest: "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
        ),
        bob("MD5-sess", "MESSAGE", "hello", "0000000A", "5967675b53ddb6307e3f51b7afa951a1"),
        bob(
            "SHA-256-SESS",
            "MESSAGE",
            "hello",
            "0000000A",
            "3837b1388202598a9e359fd628a4f3a7bb5cce288e739c4cd39118d01054d66d"
        ),
        bob("MD5", "REGISTER", "", "00000001", "54d8dc8d2b950829244a2bd31f8d0ec6"),
        bob(
            "SHA-256",
            "REGISTER",
            "",
            "00000001",
            "d3c310a1303f91a08726de45f992dda3f4b65238cd730878bc859356b131a435"
        ),
    ]

    private static func bob(
        _ algorithm: String,
        _ method: String,
        _ body: String,
        _ count: String,
        _ digest: String
    ) -> Vector {
        Vector(
            algorithm: algorithm,
            user: "bob",
            realm: "biloxi.example",
            password: "zanzibar",
            method: method,
            uri: body.isEmpty ? "sip:biloxi.example" : "sip:bob@biloxi.example",
            nonce: "dcd98b7102dd",
            clientNonce: "0a4f113b",
            quality: "auth-int",
            count: count,
            body: body,
            digest: digest
        )
    }

    @Test(arguments: vectors)
    func `digests are those of the RFCs`(_ vector: Vector) throws {
        let credentials = SIPDigestCredentials(
            user: vector.user,
            realm: vector.realm,
            nonce: vector.nonce,
            uri: vector.uri,
            response: "",
            algorithm: vector.algorithm,
            clientNonce: vector.clientNonce,
            quality: vector.quality,
            count: vector.count
        )
        let uri = try #require(SIPRequestURI("sip:bob@biloxi.example"))
        let request = SIPRequest(SIPMethod(vector.method), uri, body: Array(vector.body.utf8))
        let secret = DigestSecret(password: vector.password)
        #expect(credentials.digest(by: secret, user: vector.user, of: request) == vector.digest)
    }

    @Test func `a hash of the password serves as well, for its algorithm alone`() throws {
        let digits = "52764fa139e4159ef2ccde9868b45646"
        let secret = try #require(DigestSecret(hashed: digits.uppercased()))
        #expect(secret.hashes == [.md5])
        #expect(DigestSecret(hashed: digits + digits)?.hashes == [.sha256])
        for bad in ["", "52764fa139e4159ef2ccde9868b4564", "52764fa139e4159ef2ccde9868b4564x", digits + "00"]
        {
            #expect(DigestSecret(hashed: bad) == nil)
        }
        var credentials = SIPDigestCredentials(
            user: "bob",
            realm: "biloxi.example",
            nonce: "ea9c8e88df84f1cec4341ae6cbe5a359",
            uri: "sip:biloxi.example",
            response: ""
        )
        let request = SIPRequest(.register, try #require(SIPRequestURI("sip:biloxi.example")))
        let digest = credentials.digest(by: secret, user: "bob", of: request)
        #expect(digest == "17f96e56cb5a18422c22e20e7d222cb9")
        credentials.algorithm = "SHA-256"
        #expect(credentials.digest(by: secret, user: "bob", of: request) == nil)
        credentials.algorithm = "SHA-512-256"
        #expect(credentials.digest(by: DigestSecret(password: "zanzibar"), user: "bob", of: request) == nil)
    }

    @Test func `a secret never shows itself`() {
        let secret = DigestSecret(password: "zanzibar")
        let account = DigestClient.Account(realm: "r", user: "bob", secret: secret)
        for text in ["\(secret)", String(reflecting: secret), "\(account)", String(reflecting: [account])] {
            #expect(!text.contains("zanzibar"))
        }
        var dumped = ""
        dump(account, to: &dumped)
        #expect(!dumped.contains("zanzibar"))
    }
}
