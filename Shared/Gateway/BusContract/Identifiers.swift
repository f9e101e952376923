import Crypto

/// A delivery's identity: 128 bits, written as 32 lower-case hex digits.
public struct DeliveryID: Hashable, Sendable, CustomStringConvertible {
    public var high: UInt64
    public var low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The first 128 bits of the SHA-256 of the given octets.
    public init(hashing octets: [UInt8]) {
        self.init(prefixOf: SHA256.hash(data: octets))
    }

    /// Draws an id at random.
    public init(using generator: inout some RandomNumberGenerator) {
        self.init(high: generator.next(), low: generator.next())
    }

    /// Reads 16 octets in network order; nil for any other number of octets.
    public init?(octets: [UInt8]) {
        guard octets.count == 16 else { return nil }
        self.init(prefixOf: octets)
    }

    /// Reads 32 hexadecimal digits, as ``description`` writes them; nil for any other text.
    public init?(_ text: String) {
        guard text.utf8.count == 32,
            text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// The 16 octets in network order.
    public var octets: [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(16)
        for shift in stride(from: 56, through: 0, by: -8) {
            octets.append(UInt8(truncatingIfNeeded: high >> shift))
        }
        for shift in stride(from: 56, through: 0, by: -8) {
            octets.append(UInt8(truncatingIfNeeded: low >> shift))
        }
        return octets
    }

    /// The id of what is sent because of this delivery: the first 128 bits of SHA-256 over its octets and the label.
    ///
    /// A second owner that does the work again after a crash derives the same id, so the next receiver recognises it.
    public func child(_ label: String) -> DeliveryID {
        DeliveryID(hashing: octets + Array(label.utf8))
    }

    public var description: String { Self.hex(high) + Self.hex(low) }

    private init(prefixOf octets: some Sequence<UInt8>) {
        var words: (UInt64, UInt64) = (0, 0)
        for (index, octet) in octets.prefix(16).enumerated() {
            if index < 8 {
                words.0 = words.0 << 8 | UInt64(octet)
            } else {
                words.1 = words.1 << 8 | UInt64(octet)
            }
        }
        self.init(high: words.0, low: words.1)
    }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// A kind of service, as it is written in topics and on the command line.
public struct ServiceName: Hashable, Sendable, CustomStringConvertible {
    public let name: String

    public init(_ name: String) {
        self.name = name
    }

    public var description: String { name }

    public static let sipEdge = ServiceName("sip-edge")
    public static let xmppEdge = ServiceName("xmpp-edge")
    public static let instantMessaging = ServiceName("im")

    /// The service that mints identifiers which begin with a letter, of those that are part of the gateway.
    public static func minting(_ letter: Character) -> ServiceName? {
        switch letter {
        case "a": ServiceName("audio")
        case "f": ServiceName("file-transfer")
        case "i": .instantMessaging
        case "m": ServiceName("multiparty")
        case "p": ServiceName("presence")
        case "v": ServiceName("software-version")
        default: nil
        }
    }

    /// The service that one instance of an edge alone is: it has a transaction or a connection that is not shared.
    public static func edge(_ service: ServiceName, instance: String) -> ServiceName {
        ServiceName("\(service.name)@\(instance)")
    }
}

/// What the deliveries of one conversation have in common; both edges make the same key for the same two parties.
public struct ConversationKey: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    /// The key of what two parties say to each other, whoever speaks.
    ///
    /// Each edge gives the parts in plain text: percent-escapes or XEP-0106 escapes undone. ASCII capitals are folded.
    public init(between one: Party, and other: Party) {
        let (first, second) = (one.folded, other.folded)
        text = first < second ? "\(first)|\(second)" : "\(second)|\(first)"
    }

    /// The key that leads to the conversation which an identifier was minted for: its first 36 octets.
    ///
    /// It is another text than the key that the conversation began with; whoever holds conversations knows both
    /// (``minted(by:)``).
    public init?(mintedIn identifier: String) {
        guard Self.mintedShard(identifier.utf8) != nil else { return nil }
        text = String(decoding: identifier.utf8.prefix(Self.mintedLength), as: UTF8.self)
    }

    public var description: String { text }

    /// The key that is read from identifiers which a service mints to lead back to this conversation.
    public func minted(by letter: Character) -> ConversationKey {
        ConversationKey(Mint(letter: letter, shard: shard).identifier(DeliveryID(hashing: Array(text.utf8))))
    }

    /// Whether the key was read from an identifier.
    public var isMinted: Bool {
        text.utf8.count == Self.mintedLength && Self.mintedShard(text.utf8) != nil
    }

    private static let mintedLength = 36

    /// The shard that a minted identifier names: `a3f-` and 32 hexadecimal digits.
    private static func mintedShard(_ octets: String.UTF8View) -> UInt8? {
        var shard: UInt8 = 0
        var count = 0
        for octet in octets.prefix(mintedLength) {
            switch count {
            case 0: guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet) else { return nil }
            case 3: guard octet == UInt8(ascii: "-") else { return nil }
            default:
                guard let digit = lowerHexDigit(octet) else { return nil }
                if count < 3 { shard = shard << 4 | digit }
            }
            count += 1
        }
        return count == mintedLength ? shard : nil
    }

    private static func lowerHexDigit(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// One of 256 parts that a service's conversations are divided into: FNV-1a of the key's UTF-8 in 64 bits, its
    /// eight octets combined by exclusive or; of a minted key, the part that it names.
    public var shard: UInt8 {
        if let shard = Self.mintedShard(text.utf8) { return shard }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for octet in text.utf8 { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01b3 }
        hash ^= hash >> 32
        hash ^= hash >> 16
        hash ^= hash >> 8
        return UInt8(truncatingIfNeeded: hash)
    }

    /// A user at a host, in plain text.
    public struct Party: Hashable, Sendable {
        public var user: String
        public var host: String

        public init(user: String, host: String) {
            self.user = user
            self.host = host
        }

        fileprivate var folded: String { "\(user)@\(host)".lowercased() }
    }
}

/// Where parcels are published; a name ends in a separator so that none is the beginning of another.
public struct Topic: Hashable, Sendable, CustomStringConvertible {
    public let name: String

    /// A topic as it came over the wire.
    public init(name: String) {
        self.name = name
    }

    /// Work for whoever owns a shard of a service.
    public init(_ service: ServiceName, shard: UInt8) {
        let digits = Array("0123456789abcdef".unicodeScalars)
        name = "\(service.name)/\(digits[Int(shard >> 4)])\(digits[Int(shard & 15)])/"
    }

    /// The shard of a topic for work; nil for other topics.
    public var shard: UInt8? {
        let octets = name.utf8
        guard octets.count > 3, octets.last == UInt8(ascii: "/") else { return nil }
        return UInt8(name.dropLast().suffix(2), radix: 16)
    }

    /// The beginning of every topic on which shards are told to have changed hands.
    public static let shardEvents = "event/shards/"

    /// What is told of a service's shards.
    public init(shardsOf service: ServiceName) {
        name = "\(Self.shardEvents)\(service.name)/"
    }

    /// Where services tell what they offer.
    public static let offers = Topic(name: "event/services/")

    /// Replies to one instance.
    public init(repliesTo instance: String) {
        name = "reply/\(instance)/"
    }

    public var description: String { name }
}
