import BusContract
import MachineKit
import SIPGrammar
import Testing

@Suite("A parcel over the wire")
struct WireTests {
    private let id = DeliveryID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)

    @Test func `comes back as it was`() throws {
        let delivery = Delivery(
            id: id,
            key: ConversationKey("a@x|b@y"),
            patience: .milliseconds(1_234),
            trace: "t",
            payload: .opaque(type: "example.Thing", [1, 2, 3])
        )
        let outcomes: [Outcome] = [
            .ok(nil), .ok(.opaque(type: "x", [])), .redirect(ServiceName("multiparty")),
            .busy(retryAfter: .milliseconds(1_500)), .failed(Failure(.tooLarge, "too long", room: 700)),
            .failed(Failure(.timeout, "no answer", answer: .opaque(type: "y", [9]))),
        ]
        let parcel = Parcel(
            sender: "im.1",
            deliveries: [delivery],
            replies: outcomes.map { Reply(id: id, outcome: $0) }
        )
        let decoded = try Parcel.decode(parcel.encoded)
        #expect(decoded.parcel == parcel)
        #expect(decoded.refused.isEmpty && decoded.badReplies.isEmpty)
    }

    @Test(
        arguments: [
            .sipArrival(
                SIPArrival(
                    request: Self.invite,
                    identity: SIPURI(.sip, user: "romeo", host: .name("sip.example")),
                    displayName: nil,
                    at: WallTime(milliseconds: 1),
                    source: "udp:192.0.2.1:5060",
                    edge: ServiceName("sip-edge@1")
                )
            ),
            .sipDispatch(
                SIPDispatch(
                    request: Self.invite,
                    progressTo: ServiceName("audio"),
                    cancels: DeliveryID(high: 1, low: 2)
                )
            ),
            .sipAnswer(SIPAnswer(200, headers: [.expires: "60"], toTag: "a3f-1", body: [1, 2])),
            .sipResponding(SIPResponding(to: DeliveryID(high: 3, low: 4), Self.response)),
            .sipProgress(
                SIPProgress(of: DeliveryID(high: 3, low: 4), Self.response, source: "udp:192.0.2.1:5060")
            ),
        ] as [Payload]
    )
    func `brings every kind of SIP payload`(_ payload: Payload) throws {
        let delivery = Delivery(id: id, key: ConversationKey("k"), patience: .seconds(1), payload: payload)
        let parcel = Parcel(sender: "s", deliveries: [delivery])
        #expect(try Parcel.decode(parcel.encoded).parcel == parcel)
    }

    private static let invite = SIPRequest(
        .invite,
        .sip(SIPURI(.sip, user: "juliet", host: .name("wonder.example"))),
        headers: [.callID: "1", .cSeq: "1 INVITE"],
        body: [65]
    )
    private static let response = SIPResponse(180, reason: "Ringing", headers: [.callID: "1"])

    @Test func `a request with as many fields as an edge takes crosses too`() throws {
        var request = Self.invite
        for number in request.headers.fields.count..<SIPLimits.standard.fields {
            request.headers.append(SIPHeaderName("X-\(number)"), "\(number)")
        }
        let payload = Payload.sipDispatch(SIPDispatch(request: request))
        let delivery = Delivery(id: id, key: ConversationKey("k"), patience: .seconds(1), payload: payload)
        let decoded = try Parcel.decode(Parcel(sender: "s", deliveries: [delivery]).encoded)
        #expect(decoded.parcel.deliveries == [delivery])
    }

    @Test func `an identifier leads back to the shard and the conversation it was minted for`() throws {
        let key = ConversationKey("juliet@example.com|romeo@example.net")
        let tag = Mint(letter: "a", shard: key.shard).identifier(leadingTo: key, "7f")
        #expect(tag.hasPrefix("aa4-") && tag.hasSuffix(".7f"))
        let read = try #require(Mint.read(tag))
        #expect(read.mint == Mint(letter: "a", shard: 0xA4))
        #expect(read.key == key.minted(by: "a"))
        #expect(read.key.shard == key.shard)
        #expect(read.key.isMinted && !key.isMinted)
        #expect(Mint(letter: "a", shard: 0xA4).identifier(leadingTo: read.key, "8") == "\(read.key).8")
    }

    @Test(arguments: [
        "", "a3f", "a3f-0123456789abcdef0123456789abcde", "A3f-0123456789abcdef0123456789abcdef",
        "a3F-0123456789abcdef0123456789abcdef", "a3f_0123456789abcdef0123456789abcdef",
        "a3f-0123456789abcdef0123456789abcdeg", "é3f-0123456789abcdef0123456789abcdef",
    ])
    func `what no gateway minted leads nowhere`(_ text: String) {
        #expect(Mint.read(text) == nil)
    }

    @Test func `that is none is refused`() {
        #expect(throws: ContractError(.notAParcel)) { try Parcel.decode([0xFF, 0xFF, 0xFF]) }
        #expect(throws: ContractError(.missing(.sender))) { try Parcel.decode([]) }
    }

    @Test func `an id is 32 hex digits and its octets are in network order`() {
        #expect(id.description == "0123456789abcdeffedcba9876543210")
        #expect(id.octets.first == 0x01)
        #expect(DeliveryID(octets: id.octets) == id)
        #expect(DeliveryID(octets: [1, 2]) == nil)
    }

    @Test func `a child's id is the beginning of SHA-256 over the parent's octets and the label`() {
        // printf '\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10stanza' | sha256sum
        #expect(id.child("stanza").description == "c19cf4d2ffb974f5cea61faaf9fc4ebc")
        #expect(id.child("stanza") != id.child("part 2"))
    }

    @Test func `both directions of a conversation have one key`() {
        let one = ConversationKey(
            between: .init(user: "Romeo", host: "Example.NET"),
            and: .init(user: "juliet", host: "example.com")
        )
        let other = ConversationKey(
            between: .init(user: "juliet", host: "example.com"),
            and: .init(user: "romeo", host: "example.net")
        )
        #expect(one == other)
        #expect(one.text == "juliet@example.com|romeo@example.net")
    }

    @Test func `topics name service and shard and end in a separator`() {
        #expect(Topic(.instantMessaging, shard: 0x3F).name == "im/3f/")
        #expect(Topic(.sipEdge, shard: 0x05).name == "sip-edge/05/")
        #expect(Topic(repliesTo: "im.1").name == "reply/im.1/")
        #expect(Mint(letter: "i", shard: 5).identifier(id) == "i05-0123456789abcdeffedcba9876543210")
    }

    @Test(
        arguments: [("", 0xE1), ("a", 0xBB), ("juliet@example.com|romeo@example.net", 0xA4)]
            as [(String, UInt8)]
    )
    func `the shard is FNV-1a folded to one octet`(_ text: String, _ shard: UInt8) {
        #expect(ConversationKey(text).shard == shard)
    }
}
