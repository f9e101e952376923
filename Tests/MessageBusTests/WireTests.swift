import BusContract
import MachineKit
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
