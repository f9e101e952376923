import BusContract
import Glibc
import MachineKit
import MessageBus

/// Both edges, as far as `im` can tell: one asks it about SIP messages, the other takes stanzas.
struct PlayedEdges {
    struct Counts {
        /// Messages answered with `ok`, each after its stanza.
        var completed = 0
        /// Questions asked again.
        var repeated = 0
        var parcelsIn = 0
        var parcelsOut = 0
    }

    /// What must not happen.
    struct Fault: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// One conversation: what was asked last.
    private struct User {
        var number = 0
        var low: UInt64 = 0
        var askedAt = Moment.start
        var isAnswered = true
        /// The id of its stanza, and whether that has come.
        var stanza: (UInt64, UInt64) = (0, 0)
        var hasStanza = false
    }

    /// A question that is not answered so long is asked again, as an edge does it.
    private static let patience = Duration.seconds(1)
    private static let largestParcel = 8 << 20

    private let publisher: RawSocket
    private let subscriber: RawSocket
    private let context: RawSocket.Context
    private let run = UInt32.random(in: 1 ... .max)
    private let head: [UInt8]
    private let topics: [[UInt8]]
    private var stock: QuestionStock
    private var users: [User]
    /// Who may ask next, by shard.
    private var due: [[Int]] = Array(repeating: [], count: 256)
    private var isAsking = true
    private var buffer = [UInt8](repeating: 0, count: largestParcel)
    /// What is to be answered, by the topic that it is for.
    private var answers: [[UInt8]: [UInt8]] = [:]
    private(set) var counts = Counts()

    init(_ broker: BusEndpoint, conversations: Int) throws {
        context = try RawSocket.Context()
        publisher = try RawSocket(.publish, in: context, to: broker.publishing)
        subscriber = try RawSocket(.subscribe, in: context, to: broker.subscribing)
        let instance = "edges-\(run)"
        subscriber.subscribe("\(ServiceName.xmppEdge)/")
        subscriber.subscribe(Topic(repliesTo: instance).name)
        head = Parcel(sender: instance).encoded
        topics = (0..<256).map {
            Array(Topic(.instantMessaging, shard: UInt8($0)).name.utf8)
        }
        stock = try QuestionStock(users: conversations, run: run, at: .now)
        users = Array(repeating: User(), count: conversations)
        for user in users.indices { due[Int(stock.shards[user])].append(user) }
    }

    /// Asks and answers for so many seconds.
    mutating func play(for seconds: Int) throws {
        let end = Moment.now + .seconds(seconds)
        var look = Moment.now + Self.patience
        while true {
            try step()
            let now = Moment.now
            if now >= end { return }
            if now >= look {
                try askAgain(now)
                look = now + Self.patience
            }
        }
    }

    /// Asks no more, and waits for what is not answered yet.
    mutating func finish() throws {
        isAsking = false
        let end = Moment.now + .seconds(10)
        while users.contains(where: { !$0.isAnswered }) {
            guard Moment.now < end else {
                throw Fault("\(users.count { !$0.isAnswered }) questions were not answered")
            }
            try step()
        }
    }

    private mutating func step() throws {
        subscriber.wait(atMost: 20)
        while let size = try subscriber.receive(into: &buffer) {
            counts.parcelsIn += 1
            try read(0..<size)
        }
        for (topic, octets) in answers { try send(octets, on: topic) }
        answers.removeAll(keepingCapacity: true)
        if isAsking { try ask(.now) }
    }

    private mutating func ask(_ now: Moment) throws {
        let time = WallTime.now
        for shard in 0..<256 where !due[shard].isEmpty {
            var parcel = head
            for user in due[shard] {
                users[user].number += 1
                users[user].low = Self.mixed(UInt64(user) << 32 | UInt64(users[user].number))
                users[user].askedAt = now
                users[user].isAnswered = false
                users[user].hasStanza = false
                write(user, time, to: &parcel)
            }
            due[shard].removeAll(keepingCapacity: true)
            try send(parcel, on: topics[shard])
        }
    }

    private mutating func askAgain(_ now: Moment) throws {
        for user in users.indices where !users[user].isAnswered && users[user].askedAt + Self.patience < now {
            counts.repeated += 1
            var parcel = head
            write(user, .now, to: &parcel)
            try send(parcel, on: topics[Int(stock.shards[user])])
        }
    }

    private mutating func write(_ user: Int, _ time: WallTime, to parcel: inout [UInt8]) {
        stock.write(user, low: users[user].low, number: users[user].number, at: time, to: &parcel)
    }

    private mutating func send(_ parcel: [UInt8], on topic: [UInt8]) throws {
        counts.parcelsOut += 1
        try publisher.send(topic, parcel)
    }

    /// Reads a parcel: its sender (1), deliveries (2) and replies (3).
    private mutating func read(_ parcel: Range<Int>) throws {
        var walk = FieldWalk(parcel)
        var sender = 0..<0
        var stanzas: [Range<Int>] = []
        while let field = try walk.next(of: buffer) {
            switch field.number {
            case 1: sender = field.value
            case 2: stanzas.append(field.value)
            case 3: try takeReply(field.value)
            default: break
            }
        }
        guard !stanzas.isEmpty else { return }
        let topic = Array("reply/".utf8) + buffer[sender] + [UInt8(ascii: "/")]
        for stanza in stanzas {
            let id = try takeStanza(stanza)
            if answers[topic] == nil {
                answers[topic] = head
            }
            // A reply (3): an id (1) and an Ok (2) with nothing in it.
            answers[topic]? += [0x1A, 20, 0x0A, 16] + buffer[id] + [0x12, 0]
        }
    }

    /// Notes a delivery for the edge of XMPP: an id (1), a key (2), a payload (5); where its id is.
    private mutating func takeStanza(_ delivery: Range<Int>) throws -> Range<Int> {
        var walk = FieldWalk(delivery)
        var (id, key, payload) = (0..<0, 0..<0, 0..<0)
        while let field = try walk.next(of: buffer) {
            switch field.number {
            case 1: id = field.value
            case 2: key = field.value
            case 5: payload = field.value
            default: break
            }
        }
        let user = QuestionStock.user(key, of: buffer)
        guard id.count == 16, !payload.isEmpty, users.indices.contains(user) else {
            throw Fault("a delivery of another kind")
        }
        let name = (word(at: id.lowerBound), word(at: id.lowerBound + 8))
        // A repeat has the same id, and is answered as the first one was.
        if name != users[user].stanza {
            guard !users[user].isAnswered, !users[user].hasStanza else {
                throw Fault("a second stanza of one message")
            }
            users[user].stanza = name
            users[user].hasStanza = true
        }
        return id
    }

    /// Notes the answer to a question: an id (1) and an outcome, which must be Ok (2).
    private mutating func takeReply(_ reply: Range<Int>) throws {
        var walk = FieldWalk(reply)
        var (id, outcome) = (0..<0, 0)
        while let field = try walk.next(of: buffer) {
            if field.number == 1 { id = field.value } else { outcome = field.number }
        }
        guard id.count == 16 else { throw Fault("a reply without an id") }
        guard outcome == 2 else { throw Fault("an answer that is not ok: outcome \(outcome)") }
        let high = word(at: id.lowerBound)
        let user = Int(high & 0xFFFF_FFFF)
        guard high >> 32 == UInt64(run), users.indices.contains(user) else {
            throw Fault("a reply to nothing")
        }
        // Another id is that of a former question, which was asked twice and answered twice.
        guard word(at: id.lowerBound + 8) == users[user].low, !users[user].isAnswered else { return }
        guard users[user].hasStanza else { throw Fault("ok without its stanza") }
        users[user].isAnswered = true
        counts.completed += 1
        due[Int(stock.shards[user])].append(user)
    }

    private func word(at start: Int) -> UInt64 {
        buffer[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Spreads numbers over all words, as ids are: splitmix64's last steps.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var word = number &* 0x9E37_79B9_7F4A_7C15
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
