import SIPGrammar
import TestKit
import Testing

struct SIPDigestTests {
    /// RFC 3261 section 20.44, and what phones make of it.
    @Test(arguments: [
        (
            "Digest realm=\"boxesbybob.example\", domain=\"sip:boxesbybob.example\", qop=\"auth, auth-int\","
                + " nonce=\"f84f1cec41e6cbe5aea9c8e88d359\", opaque=\"\", stale=FALSE, algorithm=MD5",
            "Digest realm=\"boxesbybob.example\", qop=\"auth,auth-int\", nonce=\"f84f1cec41e6cbe5aea9c8e88d359\","
                + " opaque=\"\", algorithm=MD5, domain=\"sip:boxesbybob.example\""
        ),
        (
            "digest  NONCE=abc , Realm=\"a \\\"b\\\"\",qop=auth,stale=\"true\",userhash=true",
            "Digest realm=\"a \\\"b\\\"\", qop=\"auth\", nonce=\"abc\", stale=true, userhash=true"
        ),
        ("Digest realm=\"\",nonce=\"\"", "Digest realm=\"\", nonce=\"\""),
    ])
    func `challenges are read leniently and written as the RFC has them`(
        _ text: String,
        _ written: String
    ) throws {
        let headers: SIPHeaders = [.wwwAuthenticate: text]
        let challenge = try #require(headers.digestChallenges(.wwwAuthenticate).first)
        #expect(challenge.description == written)
        #expect(SIPAuthorization(written).flatMap { SIPDigestChallenge($0) } == challenge)
    }

    @Test(arguments: [
        "Digest realm=\"a\"", "Digest nonce=\"a\"", "Basic realm=\"a\"", "Digest", "", "Digest realm=\"a",
        "Digest realm=\"a\", realm=\"b\", nonce=\"c\"", "Digest realm=\"a\", nonce=\"c\", x=1, X=2",
        "Digest realm=\"a\" nonce=\"c\"", "Digest realm=\"a\", nonce=\"c\", Digest realm=\"b\", nonce=\"d\"",
    ])
    func `what is no digest challenge is passed over`(_ text: String) {
        let headers: SIPHeaders = [.proxyAuthenticate: text, .proxyAuthenticate: "Digest realm=z, nonce=y"]
        #expect(headers.digestChallenges(.proxyAuthenticate).map(\.realm) == ["z"])
    }

    /// RFC 3261 section 20.7, RFC 7616 section 3.9.2.
    @Test(arguments: [
        (
            "Digest username=\"Alice\", realm=\"atlanta.example\", nonce=\"84a4cc6f\", response=\"7587245234b3\","
                + " uri=\"sip:a@b\", x=y",
            "Alice"
        ),
        (
            "Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm=\"r\", uri=\"/doe.json\", nonce=\"n\","
                + " nc=0000000a, cnonce=\"c\", qop=auth, response=\"ae66\", userhash=false",
            "J\u{e4}s\u{f8}n Doe"
        ),
        (
            "Digest username=\"b\u{f8}b\", realm=r, nonce=n, uri=sip:a@b, response=00, algorithm=\"SHA-256\"",
            "b\u{f8}b"
        ),
    ])
    func `credentials are read, and read again as they are written`(_ text: String, _ user: String) throws {
        let headers: SIPHeaders = [.authorization: "Basic x", .authorization: text]
        let credentials = try #require(try headers.digestCredentials(.authorization).first)
        #expect(credentials.user == user)
        #expect(!credentials.isUserHashed)
        let again: SIPHeaders = [.authorization: credentials.description]
        #expect(try again.digestCredentials(.authorization) == [credentials])
    }

    @Test func `what is unknown is kept`() throws {
        let text =
            "Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"sip:a@b\", response=\"0\", auth-param=\"x, y\""
        let headers: SIPHeaders = [.authorization: text]
        let credentials = try #require(try headers.digestCredentials(.authorization).first)
        #expect(credentials.others.text("auth-param") == "x, y")
        #expect(credentials.description == text)
    }

    @Test(arguments: [
        "realm=r, nonce=n, uri=u, response=0", "username=a, nonce=n, uri=u, response=0",
        "username=a, realm=r, uri=u, response=0", "username=a, realm=r, nonce=n, response=0",
        "username=a, realm=r, nonce=n, uri=u", "username=a, username=b, realm=r, nonce=n, uri=u, response=0",
        "username=a, username*=UTF-8''b, realm=r, nonce=n, uri=u, response=0",
        "username*=ISO-8859-1''b, realm=r, nonce=n, uri=u, response=0",
        "username*=UTF-8''%ff, realm=r, nonce=n, uri=u, response=0",
        "username*=UTF-8', realm=r, nonce=n, uri=u, response=0",
        "username=a, realm=r, nonce=n, uri=u, response=0, qop=auth",
        "username=a, realm=r, nonce=n, uri=u, response=0, qop=auth, cnonce=c",
        "username=a, realm=r, nonce=n, uri=u, response=0, qop=auth, cnonce=c, nc=000000001",
        "username=a, realm=r, nonce=n, uri=u, response=0, qop=auth, cnonce=c, nc=1g",
        "username=a, realm=r, nonce=n, uri=u, response=0, nc=\"\"",
    ])
    func `credentials that say too little or too much are refused`(_ parameters: String) {
        let headers: SIPHeaders = [.authorization: "Digest \(parameters)"]
        #expect(throws: SIPSyntaxError(.value, header: .authorization)) {
            try headers.digestCredentials(.authorization)
        }
    }

    @Test func `a count is at most eight digits`() throws {
        let headers: SIPHeaders = [
            .authorization: "Digest username=a,realm=r,nonce=n,uri=u,response=0,qop=auth,cnonce=c,nc=FFFFFFFF"
        ]
        let credentials = try #require(try headers.digestCredentials(.authorization).first)
        #expect(credentials.number == .max && credentials.count == "FFFFFFFF")
    }

    @Test func `thousands of parameters take no time`() throws {
        let many = (0..<8_000).map { "p\($0)=1" }.joined(separator: ",")
        let headers: SIPHeaders = [
            .authorization: "Digest username=a,realm=r,nonce=n,uri=u,response=0,\(many)",
            .wwwAuthenticate: "Digest realm=r,nonce=n,\(many)",
        ]
        #expect(throws: SIPSyntaxError.self) { try headers.digestCredentials(.authorization) }
        #expect(headers.digestChallenges(.wwwAuthenticate).isEmpty)
    }

    @Test func `the next nonce is read and written`() throws {
        let headers: SIPHeaders = [.authenticationInfo: "nextnonce=\"47364c\", qop=auth, rspauth=\"6629\""]
        let info = try #require(headers.authenticationInfo(.authenticationInfo))
        #expect(info.nextNonce == "47364c")
        #expect(info.others.text("rspauth") == "6629")
        #expect(info.description == "nextnonce=\"47364c\", qop=auth, rspauth=\"6629\"")
        #expect(headers.authenticationInfo(.proxyAuthenticationInfo) == nil)
        #expect(SIPAuthenticationInfo("nextnonce=\"") == nil)
    }

    /// Law: whatever texts a challenge or credentials are made of, they come back from the wire.
    @Test func `what is printed is read as it was`() throws {
        var generator = SplitMix64(seed: 11)
        let alphabet = Array("ab09 \t,;=\"\\<>@:/%'\u{e4}\u{1F600}().")
        func text() -> String {
            String(
                (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                    alphabet.randomElement(using: &generator) ?? "a"
                }
            )
        }
        for _ in 0..<2_000 {
            let challenge = SIPDigestChallenge(
                realm: text(),
                nonce: text(),
                opaque: Bool.random(using: &generator) ? text() : nil,
                algorithm: Bool.random(using: &generator) ? "SHA-256" : nil,
                qualities: Bool.random(using: &generator) ? ["auth", "auth-int"] : [],
                isStale: Bool.random(using: &generator)
            )
            #expect(SIPAuthorization(challenge.description).flatMap { SIPDigestChallenge($0) } == challenge)
            let credentials = SIPDigestCredentials(
                user: text(),
                realm: text(),
                nonce: text(),
                uri: text(),
                response: text(),
                clientNonce: text(),
                opaque: text(),
                quality: "auth",
                count: "0000000f"
            )
            #expect(
                SIPAuthorization(credentials.description).flatMap { SIPDigestCredentials($0) } == credentials
            )
        }
    }
}
