import Testing

/// The guards themselves: each bites where it should and nowhere else.
@Suite("The guards")
struct GuardTests {
    private func file(_ path: String, _ text: String) -> SourceFile { SourceFile(path: path, text: text) }

    @Test(
        arguments: [
            ("import NIOCore", "NIOCore"),
            ("public import struct NIOCore.ByteBuffer", "NIOCore"),
            ("@preconcurrency package import  Logging // why", "Logging"),
            ("    import Glibc", "Glibc"),
            ("// import NIOCore", nil),
            ("let x = \"import NIOCore\"", nil),
            ("important import", nil),
            ("import func Glibc.exit", "Glibc"),
        ] as [(String, String?)]
    )
    func `imports are found however they are written`(_ line: String, _ module: String?) {
        #expect(file("a.swift", line).imports.first?.module == module)
    }

    @Test func `an import that is not allowed is found`() {
        let rule = ImportRule("Services/XMPPEdge", allows: ["NIO*", "XMPPGrammar"])
        let text = "import NIOCore\n// x\npublic import XMPPGrammar\nimport SIPGrammar\n"
        let found = rule.violations(in: file("Services/XMPPEdge/A.swift", text))
        #expect(found.map(\.line) == [4])
        #expect(rule.violations(in: file("Services/XMPPEdge/a.pb.swift", text)).isEmpty)
    }

    @Test func `the layers keep the two sides and the world apart`() throws {
        let forbidden = [
            ("Services/SIPEdge", "XMPPGrammar"), ("Services/XMPPEdge", "SIPGrammar"),
            ("Services/SIPEdge", "Addressing"),
            ("Services/InstantMessaging", "Presence"), ("Services/InstantMessaging", "Foundation"),
            ("Services/InstantMessaging", "MessageBus"), ("Services/InstantMessaging", "NIOCore"),
            ("Shared/Grammar/Payloads", "SIPGrammar"), ("Shared/Grammar/SIPGrammar", "XMPPGrammar"),
            ("Shared/Grammar/Octets", "Foundation"), ("Shared/Machines/SIPTransactions", "Synchronization"),
            ("Shared/Gateway/Addressing", "Dispatch"), ("Shared/Runtime/SIPTransport", "XMPPGrammar"),
            ("Shared/Runtime/XMPPTransport", "SIPGrammar"), ("Shared/Runtime/MessageBus", "SIPEdge"),
        ]
        for (folder, module) in forbidden {
            let rule = try #require(Layers.imports.first { $0.folder == folder }, "\(folder) has no rule")
            let found = rule.violations(in: file("\(folder)/A.swift", "import \(module)"))
            #expect(found.count == 1, "\(folder) may import \(module)")
        }
    }

    @Test(arguments: [
        ("let clock = ContinuousClock()", true),
        ("let id = UUID()", true),
        ("Int.random(in: 0...3)", true),
        ("Int.random(in: 0...3, using: &generator)", false),
        ("// ContinuousClock", false),
        ("Task { await x() }", true),
        ("var words: [UInt64] = []", false),
    ])
    func `what is ambient is found`(_ line: String, _ isFound: Bool) throws {
        let rule = try #require(PureCode.rules.first)
        #expect(rule.violations(in: file("Shared/Grammar/A.swift", line)).isEmpty != isFound)
    }

    @Test(
        arguments: [
            ("case .sipArrival: break", nil),
            ("func send(_ request: SIPRequest)", "SIPRequest"),
            ("let service = ServiceName.sipEdge", "sipEdge"),
            ("// what SIP does", nil),
            ("let SIPped = 1", nil),
            ("let gossip = 1", nil),
        ] as [(String, String?)]
    )
    func `a name of the other side is found`(_ line: String, _ name: String?) {
        let code = file("Services/XMPPEdge/A.swift", line).code
        #expect(code.first.flatMap { ProtocolWords.sipName($0.text) } == name)
    }

    @Test func `a name of XMPP is found`() {
        #expect(ProtocolWords.xmppName("let a: JID") == "JID")
        #expect(ProtocolWords.xmppName("StanzaError.self") == "StanzaError")
        #expect(ProtocolWords.xmppName("let adjidicate = Jidda") == nil)
        #expect(ProtocolWords.xmppName("case .stanza, .failed: break") == nil)
    }

    @Test func `long files, leftovers and tests that are none are found`() {
        let long = String(repeating: "x\n", count: 501)
        #expect(LengthRule().violations(in: file("a.swift", long)).count == 1)
        #expect(LengthRule().violations(in: file("a.swift", String(long.dropLast(2)))).isEmpty)
        #expect(LengthRule().violations(in: file("a.pb.swift", long)).isEmpty)
        let todo = "TO" + "DO"
        #expect(LeftoverRule().violations(in: file("a.swift", "x // \(todo): later")).count == 1)
        #expect(LeftoverRule().violations(in: file("a.swift", "// \(todo)(#12): later")).isEmpty)
        #expect(LeftoverRule().violations(in: file("a.swift", "// \(todo)(#): later")).count == 1)
        #expect(LeftoverRule().violations(in: file("a.c", "/* */ // FIX" + "ME(#1)")).count == 1)
        let test = "@" + "Test"
        #expect(TestRule().violations(in: file("Tests/A.swift", "  // \(test) func x() {}")).count == 1)
        #expect(
            TestRule().violations(in: file("Tests/A.swift", "try await Task." + "sleep(for: .seconds(1))"))
                .count == 1
        )
        #expect(TestRule().violations(in: file("Tests/A.swift", "\(test) func x() {}")).isEmpty)
    }

    @Test func `a comment begins outside strings`() {
        #expect(file("a.swift", #"let a = "http://x" // b"#).code.first?.text == #"let a = "http://x" "#)
        #expect(file("a.swift", #"let a = "\"//""#).code.first?.text == #"let a = "\"//""#)
        #expect(file("a.swift", "  // only").code.isEmpty)
    }
}
