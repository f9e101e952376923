import BusContract
import Foundation
import MachineKit
import TranslatorKit

/// A record as it is stored: the header, then JSON, in which what crosses the bus is spelt as the bus spells it.
struct WrittenRecord<Conversation: Machine & Codable>: Codable
where Conversation.Output == Action, Conversation.Timer: Codable {
    struct WrittenTimer: Codable {
        var timer: Conversation.Timer
        var at: Int64
    }

    /// Read before the rest: what a later release wrote may not be readable.
    private struct Version: Decodable {
        var version: Int
    }

    private static var sender: String { "record" }

    var version: Int
    var state: Conversation
    var timers: [WrittenTimer]
    var waiting: [String]
    var services: [String]
    /// A parcel with what was sent and what was answered.
    var parcel: Data

    init(_ record: ConversationRecord<Conversation>) {
        version = record.version
        state = record.conversation
        timers = record.timers.map { WrittenTimer(timer: $0.timer, at: $0.at.milliseconds) }
        waiting = record.waiting.map(\.description)
        services = record.sent.map(\.service.name)
        let deliveries = record.sent.map(\.delivery)
        parcel =
            deliveries.isEmpty && record.answered.isEmpty
            ? Data()
            : Data(Parcel(sender: Self.sender, deliveries: deliveries, replies: record.answered).encoded)
    }

    init(_ octets: [UInt8], newest: Int) throws {
        guard octets.count > RecordHeader.size else { throw RecordError.tooShort }
        let json = Data(octets[RecordHeader.size...])
        let version = try JSONDecoder().decode(Version.self, from: json).version
        guard version <= newest else { throw RecordError.laterVersion(version) }
        self = try JSONDecoder().decode(Self.self, from: json)
    }

    var octets: [UInt8] {
        get throws {
            let wake = timers.map(\.at).min().map { WallTime(milliseconds: $0) }
            return try RecordHeader.octets(wake: wake, hasSent: !services.isEmpty)
                + JSONEncoder().encode(self)
        }
    }

    var record: ConversationRecord<Conversation> {
        get throws {
            let decoded =
                try parcel.isEmpty ? Parcel(sender: Self.sender) : Parcel.decode(Array(parcel)).parcel
            guard decoded.deliveries.count == services.count else { throw RecordError.services }
            return ConversationRecord(
                version: version,
                conversation: state,
                timers: timers.map { .init(timer: $0.timer, at: WallTime(milliseconds: $0.at)) },
                waiting: try waiting.map { text in
                    guard let id = DeliveryID(text) else { throw RecordError.badIdentifier }
                    return id
                },
                sent: zip(decoded.deliveries, services).map { .init(delivery: $0, service: ServiceName($1)) },
                answered: decoded.replies
            )
        }
    }
}
