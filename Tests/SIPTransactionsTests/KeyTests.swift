import SIPGrammar
import SIPTransactions
import Testing

struct KeyTests {
    private func key(_ draft: Draft) throws -> ServerTransactionKey {
        let (request, mandatory) = try request(draft.text)
        return ServerTransactionKey(request, mandatory)
    }

    @Test(arguments: [
        (Draft().with { $0.number = 2 }, true),
        (Draft().with { $0.uri = "sip:nurse@wonder.example" }, true),
        (Draft().with { $0.viaTail = ";received=192.0.2.9;rport=7777" }, true),
        (Draft().with { $0.branch = "z9hG4bK776asdhdt" }, false),
        (Draft().with { $0.sentBy = "192.0.2.1:5061" }, false),
        (Draft().with { $0.sentBy = "192.0.2.2:5060" }, false),
        (Draft().with { $0.method = "OPTIONS" }, false),
    ])
    func `a branch with the cookie, its sender and the method name a transaction`(
        _ other: Draft,
        _ same: Bool
    ) throws {
        #expect(try (key(Draft()) == key(other)) == same)
    }

    @Test(arguments: [nil, "1", "z9hG4bK"] as [String?])
    func `a branch without the cookie does not name a transaction`(_ branch: String?) throws {
        let draft = Draft().with { $0.branch = branch }
        let same = [draft, draft.with { $0.viaTail = ";received=192.0.2.9;rport=7777" }]
        for other in same { #expect(try key(draft) == key(other)) }
        let others = [
            draft.with { $0.number = 2 }, draft.with { $0.uri = "sip:nurse@wonder.example" },
            draft.with { $0.fromTag = "1" }, draft.with { $0.toTag = "1" }, draft.with { $0.callID = "b" },
            draft.with { $0.sentBy = "192.0.2.2" }, draft.with { $0.method = "OPTIONS" },
        ]
        for other in others { #expect(try key(draft) != key(other)) }
    }

    @Test(arguments: ["z9hG4bK776", "1"])
    func `an ACK has the key of its INVITE`(_ branch: String) throws {
        let invite = Draft().with {
            $0.method = "INVITE"
            $0.branch = branch
        }
        let ack = invite.with {
            $0.method = "ACK"
            $0.toTag = "of-the-response"
        }
        #expect(try key(invite) == key(ack))
        #expect(try key(invite) != key(invite.with { $0.method = "BYE" }))
    }

    @Test(arguments: ["z9hG4bK776", "1"])
    func `a CANCEL has a key of its own and finds that of its INVITE`(_ branch: String) throws {
        let invite = Draft().with {
            $0.method = "INVITE"
            $0.branch = branch
        }
        let (cancel, mandatory) = try request(invite.with { $0.method = "CANCEL" }.text)
        #expect(try ServerTransactionKey(cancel, mandatory) != key(invite))
        #expect(try ServerTransactionKey(cancelledBy: cancel, mandatory) == key(invite))
    }

    @Test func `a response has the key of its request`() throws {
        let (request, mandatory) = try request(Draft().text)
        let key = ClientTransactionKey(branch: try #require(mandatory.via.branch), method: .message)
        #expect(ClientTransactionKey(request.response(200), via: mandatory.via) == key)
        var other = request.response(200)
        other.headers[.cSeq] = "1 CANCEL"
        #expect(ClientTransactionKey(other, via: mandatory.via) != key)
        other.headers[.cSeq] = nil
        #expect(ClientTransactionKey(other, via: mandatory.via) == nil)
        let plain = SIPVia(transport: "UDP", host: .ipv4("192.0.2.1"))
        #expect(ClientTransactionKey(request.response(200), via: plain) == nil)
    }

    @Test func `a request that came by two paths is one`() throws {
        let (_, mandatory) = try request(Draft().text)
        let merge = try #require(MergeKey(mandatory))
        let paths = Draft().with {
            $0.branch = "z9hG4bKother"
            $0.sentBy = "192.0.2.77"
        }
        #expect(try MergeKey(request(paths.text).1) == merge)
        #expect(try MergeKey(request(Draft().with { $0.number = 2 }.text).1) != merge)
        #expect(try MergeKey(request(Draft().with { $0.fromTag = "x" }.text).1) != merge)
        #expect(try MergeKey(request(Draft().with { $0.toTag = "in-a-dialog" }.text).1) == nil)
    }
}
