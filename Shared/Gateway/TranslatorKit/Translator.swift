public import BusContract
public import MachineKit

/// One medium's translation between the two networks.
///
/// A translator is a set of conversations, each a machine of its own; the host that runs it carries what they say
/// over the bus. It opens no socket and learns the time only from its inputs.
public protocol Translator: Sendable {
    associatedtype Conversation: Machine
    where Conversation.Input == Stimulus, Conversation.Output == Action

    /// The service whose topics carry this translator's work.
    var service: ServiceName { get }

    /// What edges are told that this translator can do; nothing, unless it says otherwise.
    var offer: ServiceOffer { get }

    /// Begins the conversation of a key, in whose name nothing has happened yet.
    func conversation(_ key: ConversationKey) -> Conversation

    /// A conversation with what is not its own: the settings, tables and addresses that this translator has.
    ///
    /// It is asked when the settings have changed, by the translator that has the new ones; and when a stored conversation
    /// was read, which has only what was stored.
    func equipped(_ conversation: Conversation, of key: ConversationKey) -> Conversation

    /// Whether a conversation has nothing left to remember and may be dropped.
    func isOver(_ conversation: Conversation) -> Bool
}

extension Translator {
    public var offer: ServiceOffer { ServiceOffer(service) }

    public func equipped(_ conversation: Conversation, of key: ConversationKey) -> Conversation {
        conversation
    }
}

/// What happens to a conversation.
public enum Stimulus: Hashable, Sendable {
    /// Work has arrived; it must be answered with exactly one ``Action/reply(to:_:)``, now or later.
    case delivery(Delivery)
    /// What the conversation had sent has come to its end.
    case outcome(of: DeliveryID, Outcome)
    /// The conversation was taken over from another owner; time may have passed. Durable ones alone are told.
    case resumed
}

/// What a conversation wants done.
public enum Action: Hashable, Sendable {
    /// Sends work to a service; its end comes back as ``Stimulus/outcome(of:_:)`` with the delivery's id.
    case deliver(Delivery, to: ServiceName)
    /// Answers a delivery that had arrived.
    case reply(to: DeliveryID, Outcome)
}
