package import BusContract
package import MachineKit
package import TranslatorKit

/// What the next owner of a durable conversation must know: its state, and what was under way when it was stored.
package struct ConversationRecord<Conversation: Machine> where Conversation.Output == Action {
    /// A timer, by the calendar: its owner's time line ends with its process.
    package struct PendingTimer {
        package var timer: Conversation.Timer
        package var at: WallTime
    }

    /// A delivery that has no outcome yet, and whom it was for.
    package struct Sent: Hashable, Sendable {
        package var delivery: Delivery
        package var service: ServiceName
    }

    package var version: Int
    package var conversation: Conversation
    package var timers: [PendingTimer]
    /// Inputs that were taken and not answered.
    package var waiting: [DeliveryID]
    package var sent: [Sent]
    /// Answers that may not have reached who asked.
    package var answered: [Reply]
}

/// Reads and writes the records of one kind of conversation, which a host need not know to be `Codable`.
package struct RecordForm<Conversation: Machine>: Sendable where Conversation.Output == Action {
    package var isDurable: @Sendable (Conversation) -> Bool
    package var encode: @Sendable (ConversationRecord<Conversation>) throws -> [UInt8]
    package var decode: @Sendable ([UInt8]) throws -> ConversationRecord<Conversation>
    package var version: Int

    package init<Subject: DurableTranslator>(of translator: Subject)
    where Subject.Conversation == Conversation {
        let newest = translator.stateVersion
        version = newest
        isDurable = { translator.isDurable($0) }
        encode = { record in try WrittenRecord<Subject.Conversation>(record).octets }
        decode = { octets in try WrittenRecord<Subject.Conversation>(octets, newest: newest).record }
    }
}

/// Why a record cannot be used.
package enum RecordError: Error, Hashable {
    case tooShort
    /// A later release wrote it.
    case laterVersion(Int)
    case badIdentifier
    case services
}

/// The beginning of a stored record, which is read without reading the rest: most conversations that change hands have
/// nothing to do for hours.
package struct RecordHeader: Hashable, Sendable {
    static let size = 9

    /// When its earliest timer falls due.
    package var wake: WallTime?
    /// Whether something that it had sent must be sent again at once.
    package var hasSent: Bool

    package init?(_ octets: [UInt8]) {
        guard octets.count > Self.size else { return nil }
        let milliseconds = octets[1..<Self.size].reduce(0) { $0 << 8 | UInt64($1) }
        wake = milliseconds == 0 ? nil : WallTime(milliseconds: Int64(bitPattern: milliseconds))
        hasSent = octets[0] & 1 == 1
    }

    static func octets(wake: WallTime?, hasSent: Bool) -> [UInt8] {
        let milliseconds = UInt64(bitPattern: wake?.milliseconds ?? 0)
        return [hasSent ? 1 : 0]
            + stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: milliseconds >> $0) }
    }
}
