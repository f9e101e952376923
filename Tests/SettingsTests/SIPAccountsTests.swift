import Settings
import Telemetry
import Testing

/// `sip.accounts`, `sip.credentials`, `sip.register` and `sip.routes`.
@Suite struct SIPAccountsTests {
    @Test func `reads who may prove what`() throws {
        let settings = try load(
            """
            domains: sip.example
            sip:
              realm: gw
              nonce-secret: n0nce
              accounts:
                - {user: pbx, password: "s3, cret&=%", from: [SIP.example, "romeo@sip.example"]}
                - {user: "bob@x", hash: 52764fa139e4159ef2ccde9868b45646}
            """
        )
        #expect(settings.sip.realm == "gw")
        #expect(settings.sip.nonceSecret == Secret("n0nce"))
        #expect(
            settings.sip.accounts == [
                SIPAccountEntry(
                    user: "pbx",
                    password: Secret("s3, cret&=%"),
                    hash: nil,
                    from: ["sip.example", "romeo@sip.example"]
                ),
                SIPAccountEntry(
                    user: "bob@x",
                    password: nil,
                    hash: Secret("52764fa139e4159ef2ccde9868b45646"),
                    from: []
                ),
            ]
        )
    }

    @Test func `reads who we are to others, and what is registered`() throws {
        let settings = try load(
            """
            sip:
              credentials: {realm: "a realm", user: gw, password: p, hosts: [proxy.example, 192.0.2.1]}
              register:
                - {address: "sip:gw@trunk.example", password: p}
                - {address: "sips:+15551234@[2001:db8::1]:5071", registrar: "sip:r.example;transport=tcp",
                   user: u, password: p, expires: 10m, proxy: "sip:192.0.2.9"}
              routes: {trunk.example: "sip:192.0.2.1:5080", "*.corp.example": "sip:hub.example;transport=tls"}
            """
        )
        #expect(
            settings.sip.credentials == [
                SIPCredentialEntry(
                    realm: "a realm",
                    user: "gw",
                    password: Secret("p"),
                    hosts: ["proxy.example", "192.0.2.1"]
                )
            ]
        )
        let (plain, full) = (settings.sip.registrations[0], settings.sip.registrations[1])
        #expect(plain.address.description == "sip:gw@trunk.example")
        #expect(plain.registrar == NextHop("sip:trunk.example"))
        #expect(plain.user == "gw" && plain.expires == .seconds(3_600) && plain.proxy == nil)
        #expect(full.address.description == "sips:+15551234@[2001:db8::1]:5071")
        #expect(full.registrar == NextHop("sip:r.example;transport=tcp"))
        #expect(full.user == "u" && full.expires == .seconds(600) && full.proxy == NextHop("sip:192.0.2.9"))
        #expect(settings.sip.routes["trunk.example"] == NextHop("sip:192.0.2.1:5080"))
        #expect(settings.sip.routes["*.corp.example"] == NextHop("sip:hub.example;transport=tls"))
    }

    @Test func `reads the short forms`() throws {
        let settings = try load(
            environment: [
                "CAUSEWAY_DOMAINS": "sip.example",
                "CAUSEWAY_SIP_ACCOUNTS": "user=a&password=x%2Cy,?user=b&password=z&from=c.example",
                "CAUSEWAY_SIP_REGISTER": "address=sip:gw@trunk.example&password=p",
                "CAUSEWAY_SIP_ROUTES": "a.example=sip:192.0.2.1",
                "CAUSEWAY_LIMITS_PER_USER_RATE": "5/s",
            ]
        )
        #expect(settings.sip.accounts.map(\.password) == [Secret("x,y"), Secret("z")])
        #expect(settings.sip.accounts.map(\.from) == [[], ["c.example"]])
        #expect(settings.sip.registrations.map(\.user) == ["gw"])
        #expect(settings.sip.routes.count == 1)
        #expect(settings.limits.perUserRate == Rate("5/s"))
    }

    @Test(arguments: [
        ("accounts: [{user: a}]", "sip.accounts[0].password"),
        ("accounts: [{password: a}]", "sip.accounts[0].user"),
        (
            "accounts: [{user: a, password: b, hash: 52764fa139e4159ef2ccde9868b45646}]",
            "sip.accounts[0].password"
        ),
        ("accounts: [{user: a, hash: 5276}]", "sip.accounts[0].hash"),
        ("accounts: [{user: \"a:b\", password: c}]", "sip.accounts[0].user"),
        ("accounts: [{user: a, password: c, from: \"a b@\"}]", "sip.accounts[0].from"),
        ("accounts: [{user: a, password: c, from: []}]", "sip.accounts[0]"),
        ("accounts: [{user: a, pasword: c}]", "sip.accounts[0].pasword"),
        ("accounts: [{user: a, password: b}, {user: a, password: c}]", "sip.accounts"),
        ("credentials: [{realm: r, user: u}]", "sip.credentials[0].password"),
        ("credentials: [{user: u, password: s3cret}]", "sip.credentials[0].realm"),
        ("credentials: [{realm: r, user: u, password: s3cret, hosts: \"a:1\"}]", "sip.credentials[0].hosts"),
        ("register: [{password: s3cret}]", "sip.register[0].address"),
        ("register: [{address: trunk.example, password: s3cret}]", "sip.register[0].address"),
        ("register: [{address: \"sip:a@b\", password: s3cret, expires: 5}]", "sip.register[0].expires"),
        ("register: [{address: \"sip:a@b\", password: s3cret, registrar: b}]", "sip.register[0].registrar"),
        ("register: [{address: \"sip:a@b\", password: p}, {address: \"a@b\", password: p}]", "sip.register"),
        ("routes: {\"*.*.example\": \"sip:a\"}", "sip.routes"),
        ("routes: {a.example: b.example}", "sip.routes.a.example"),
        ("realm: \"\"\n  accounts: [{user: a, password: s3cret}]", "sip.accounts"),
    ])
    func `says what is wrong and never a secret`(_ text: String, _ key: String) {
        let domains = text.hasPrefix("realm") ? "" : "domains: sip.example\n"
        let error = fault("\(domains)sip:\n  \(text)\n")
        #expect(error?.key == key)
        #expect(error.map { "\($0)".contains("s3cret") } == false)
    }

    @Test func `never shows a secret`() throws {
        let settings = try load(
            """
            domains: sip.example
            sip:
              nonce-secret: hush-1
              accounts: [{user: a, password: hush-2}]
              credentials: [{realm: r, user: a, password: hush-3}]
              register: [{address: "sip:a@b", password: hush-4}]
            """
        )
        var text = "\(settings) \(String(reflecting: settings))"
        dump(settings, to: &text)
        #expect(!text.contains("hush"))
    }
}
