import BusContract
import MachineKit
import SIPGrammar

/// Deliveries to `im` of SIP messages, written once for each user; what changes from one to the next is written over.
struct QuestionStock {
    /// Where in each template what changes is.
    private struct Places {
        var low: Int
        var at: Int
        var callID: Int
    }

    /// The times of this century have six octets as protobuf integers.
    private static let timeSize = 6
    private static let digits = 8

    let shards: [UInt8]
    private let high: [UInt64]
    private var templates: [UInt8] = []
    private var places = Places(low: 0, at: 0, callID: 0)
    private var size: Int { templates.count / shards.count }

    /// `run`: tells the ids of this run from those of others.
    init(users: Int, run: UInt32, at now: WallTime) throws {
        shards = (0..<users).map { Self.key(of: $0).shard }
        high = (0..<users).map { UInt64(run) << 32 | UInt64($0) }
        for user in 0..<users {
            let id = DeliveryID(high: high[user], low: .random(in: .min ... .max))
            let delivery = Delivery(
                id: id,
                key: Self.key(of: user),
                patience: .seconds(30),
                payload: .sipArrival(try Self.arrival(from: user, at: now))
            )
            // A parcel without a sender: its octets may stand behind those of another.
            let octets = Parcel(sender: "", deliveries: [delivery]).encoded
            places.low = try Self.place(of: Array(id.octets.suffix(8)), in: octets)
            places.at = try Self.place(of: Self.integer(now.milliseconds), in: octets)
            places.callID = try Self.place(of: Array(Self.callID(user).utf8), in: octets) + 7
            templates += octets
        }
        guard templates.count % users == 0 else { throw RawSocket.Fault(description: "uneven templates") }
    }

    /// Writes a delivery of a user's behind what a parcel holds.
    mutating func write(_ user: Int, low: UInt64, number: Int, at now: WallTime, to parcel: inout [UInt8]) {
        let start = user * size
        for octet in 0..<8 {
            templates[start + places.low + octet] = UInt8(truncatingIfNeeded: low >> (56 - 8 * octet))
        }
        var left = number
        for digit in (0..<Self.digits).reversed() {
            templates[start + places.callID + digit] = UInt8(ascii: "0") + UInt8(left % 10)
            left /= 10
        }
        let milliseconds = now.milliseconds
        for octet in 0..<Self.timeSize {
            let more: Int64 = octet < Self.timeSize - 1 ? 0x80 : 0
            templates[start + places.at + octet] = UInt8(milliseconds >> (7 * octet) & 0x7F | more)
        }
        parcel += templates[start..<start + size]
    }

    /// The user whom a key is of.
    static func user(_ key: Range<Int>, of octets: [UInt8]) -> Int {
        let end = key.upperBound - "@sip.example".utf8.count
        return octets[end - 6..<end].reduce(0) { $0 * 10 + Int($1) - Int(UInt8(ascii: "0")) }
    }

    private static func key(of user: Int) -> ConversationKey {
        ConversationKey(
            between: .init(user: "alice", host: "wonder.example"),
            and: .init(user: name(user), host: "sip.example")
        )
    }

    private static func arrival(from user: Int, at now: WallTime) throws -> SIPArrival {
        let text = """
            MESSAGE sip:alice@wonder.example SIP/2.0\r
            Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r
            Max-Forwards: 70\r
            From: <sip:\(name(user))@sip.example>;tag=1\r
            To: <sip:alice@wonder.example>\r
            Call-ID: \(callID(user))@192.0.2.1\r
            CSeq: 1 MESSAGE\r
            Content-Type: text/plain\r
            Content-Length: 34\r
            \r
            There's a porpoise close behind us
            """
        guard case .request(let request) = try SIPMessage.parse(Array(text.utf8)),
            let identity = SIPURI("sip:\(name(user))@sip.example")
        else { throw RawSocket.Fault(description: "the benchmark's own message") }
        return SIPArrival(
            request: request,
            identity: identity,
            displayName: nil,
            at: now,
            source: "udp:192.0.2.1:5060"
        )
    }

    private static func name(_ user: Int) -> String { "user" + padded(user, 6) }
    private static func callID(_ user: Int) -> String { padded(user, 6) + "-" + padded(0, digits) }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: width - text.utf8.count) + text
    }

    private static func integer(_ value: Int64) -> [UInt8] {
        (0..<timeSize).map { UInt8(value >> (7 * $0) & 0x7F) | ($0 < timeSize - 1 ? 0x80 : 0) }
    }

    /// Where the only occurrence of some octets is.
    private static func place(of wanted: [UInt8], in octets: [UInt8]) throws(RawSocket.Fault) -> Int {
        let found = octets.indices.filter { octets[$0...].starts(with: wanted) }
        guard found.count == 1 else { throw RawSocket.Fault(description: "a template of another kind") }
        return found[0]
    }
}
