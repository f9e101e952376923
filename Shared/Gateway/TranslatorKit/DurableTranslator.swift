/// A translator whose conversations outlive the process that holds them: calls, subscriptions, rooms joined.
///
/// After a crash, or when the shards are shared out anew, the next owner goes on with the state that was stored last.
/// What a conversation had been told and not answered comes again, and what it had sent and has no outcome of is sent
/// again under the same id: so the effects of equal inputs must be equal, ids among them (ARCHITECTURE section 4, rule 5).
public protocol DurableTranslator: Translator where Conversation: Codable, Conversation.Timer: Codable {
    /// The version of the state that conversations encode themselves as.
    ///
    /// They must be able to decode the version before, so that two releases can run side by side; a state of a later
    /// version than this is left alone, for a replica of the later release.
    var stateVersion: Int { get }

    /// Whether a conversation is worth keeping at this moment; one that is not is forgotten with its process.
    func isDurable(_ conversation: Conversation) -> Bool
}
