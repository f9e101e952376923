import Addressing
import MachineKit
import SIPGrammar
import XMPPGrammar

/// What two users' past messages tell about the next one.
///
/// Everything in it is bounded and ends. Losing it costs comfort, never a message: a thread is named after its Call-ID, a peer's abilities are learned anew.
struct ConversationMemory: Hashable, Sendable {
    static let dayLife = Duration.seconds(24 * 3600)
    static let recipientLife = Duration.seconds(3600)
    static let emissionLife = Duration.seconds(10)
    /// Longer names and identifiers are not remembered.
    static let longest = 256

    var threads = ThreadMemory()
    var abilities = PeerAbilities()
    /// XMPP users that are known to exist: nothing sent to them bounced, or they wrote themselves.
    private var recipients = ExpiringSet<JID>(capacity: 4)
    /// What left lately, to know it again should it come back.
    private var emissions = ExpiringSet<Fingerprint>(capacity: 128)
    /// Messages by their stanza ids.
    private var references = ExpiringMap<String, MessageReference>(capacity: 16)
    /// Nicknames that XMPP users gave themselves.
    private var nicks = ExpiringMap<JID, String>(capacity: 4)
    /// Display names of SIP users that were passed on.
    private var introductions = ExpiringMap<JID, String>(capacity: 4)
    /// How SIP users spell their user part (MAPPING 1.8).
    ///
    /// It goes with the rest and keeps nothing alive.
    var spellings = SpellingMemory(capacity: 4)
    /// Whether the SIP side bears a `gr` in From (MAPPING 1.5); like the spellings.
    var senderGRUU: SenderGRUU

    init(_ configuration: MessagingConfiguration) {
        senderGRUU = SenderGRUU(policies: configuration.senderGRUU, capacity: 2)
    }

    var isEmpty: Bool {
        threads.isEmpty && abilities.isEmpty && recipients.isEmpty && emissions.isEmpty && references.isEmpty
            && nicks.isEmpty && introductions.isEmpty
    }

    /// The moment from which nothing is remembered.
    var end: Moment {
        let ends = [
            threads.end, abilities.end, recipients.end, emissions.end, references.end, nicks.end,
            introductions.end,
        ]
        return ends.reduce(.start, max)
    }

    func knows(_ recipient: JID, at now: Moment) -> Bool {
        recipients.contains(recipient.bare, at: now)
    }

    mutating func found(_ recipient: JID, at now: Moment) {
        recipients.insert(recipient.bare, until: now + Self.recipientLife)
    }

    mutating func missed(_ recipient: JID) {
        recipients.remove(recipient.bare)
    }

    /// Whether one of these left within the last ten seconds (MAPPING 2.4).
    func emitted(_ fingerprints: [Fingerprint], at now: Moment) -> Bool {
        fingerprints.contains { emissions.contains($0, at: now) }
    }

    mutating func emits(_ fingerprints: [Fingerprint], at now: Moment) {
        for fingerprint in fingerprints { emissions.insert(fingerprint, until: now + Self.emissionLife) }
    }

    mutating func passed(_ id: String, _ reference: MessageReference, at now: Moment) {
        guard !id.isEmpty, id.utf8.count <= Self.longest, reference.callID.utf8.count <= Self.longest else {
            return
        }
        references.set(reference, for: id, until: now + Self.dayLife)
    }

    /// The message that a stanza id names.
    func reference(of id: String, at now: Moment) -> MessageReference? {
        references.value(of: id, at: now)
    }

    /// The stanza id of the last message with a Call-ID.
    func stanzaID(of callID: String, at now: Moment) -> String? {
        references.lastKey(at: now) { $0.callID == callID }
    }

    /// The nickname to show for an XMPP user: the one given now, else the last one given.
    mutating func nick(of user: JID, given: String?, at now: Moment) -> String? {
        if let given, given.utf8.count <= Self.longest {
            nicks.set(given, for: user.bare, until: now + Self.dayLife)
            return given
        }
        return nicks.value(of: user.bare, at: now)
    }

    /// The display name of a SIP user if the other side has not been told it yet.
    func introduction(of user: JID, as name: String?, at now: Moment) -> String? {
        guard let name, name.utf8.count <= Self.longest else { return nil }
        return introductions.value(of: user.bare, at: now) == name ? nil : name
    }

    mutating func introduced(_ user: JID, as name: String, at now: Moment) {
        introductions.set(name, for: user.bare, until: now + Self.dayLife)
    }

    mutating func forgetExpired(at now: Moment) {
        threads.forgetExpired(at: now)
        abilities.forgetExpired(at: now)
        recipients.forgetExpired(at: now)
        emissions.forgetExpired(at: now)
        references.forgetExpired(at: now)
        nicks.forgetExpired(at: now)
        introductions.forgetExpired(at: now)
    }
}
