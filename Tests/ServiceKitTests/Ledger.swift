import BusContract
import MachineKit
import TranslatorKit

/// A durable translator for tests.
///
/// It counts what it is told in each conversation, asks "bank" about it, and answers with
/// the count when the bank has answered. A payload of one zero octet makes it forget everything.
struct Ledger: DurableTranslator {
    struct Conversation: Machine, Codable {
        typealias Input = Stimulus
        typealias Output = Action
        enum Timer: Hashable, Sendable, Codable { case reminder }

        var count = 0
        var resumed = 0
        var reminders = 0
        /// Questions under way, by their ids as text, and whom to answer.
        var asked: [String: Asker] = [:]
        var isOver = false

        struct Asker: Codable {
            var high: UInt64
            var low: UInt64
            var count: Int
        }

        mutating func handle(_ input: Stimulus, at now: Moment) -> Effects {
            switch input {
            case .delivery(let delivery):
                guard delivery.payload != Ledger.payload(0) else {
                    isOver = true
                    return [.send(.reply(to: delivery.id, .ok(nil)))]
                }
                count += 1
                var question = delivery
                question.id = delivery.id.child("question")
                asked[question.id.description] = Asker(
                    high: delivery.id.high,
                    low: delivery.id.low,
                    count: count
                )
                return [.send(.deliver(question, to: ServiceName("bank")))]
            case .outcome(of: let id, _):
                guard let asker = asked.removeValue(forKey: id.description) else {
                    return [.ignore("unknown")]
                }
                let answer = Ledger.payload(asker.count)
                return [.send(.reply(to: DeliveryID(high: asker.high, low: asker.low), .ok(answer)))]
            case .resumed:
                resumed += 1
                return []
            }
        }

        mutating func fired(_ timer: Timer, at now: Moment) -> Effects {
            reminders += 1
            return []
        }
    }

    let service = ServiceName("ledger")
    var stateVersion = 1

    func conversation(_ key: ConversationKey) -> Conversation { Conversation() }
    func isOver(_ conversation: Conversation) -> Bool { conversation.isOver }
    func isDurable(_ conversation: Conversation) -> Bool { conversation.count > 0 && !conversation.isOver }

    static func payload(_ number: Int) -> Payload { .opaque(type: "test.Number", [UInt8(number)]) }
}
