import BusContract
import MachineKit
import XMPPGrammar

/// Which XMPP thread is which SIP Call-ID (RFC 7572 sections 4 and 5; MAPPING 4.6).
///
/// Three facts stand between the two: a Call-ID has a narrow grammar, messages of an XMPP user need not have a
/// thread, and many SIP user agents take a fresh Call-ID for every MESSAGE.
struct ThreadMemory: Hashable, Sendable {
    /// What the last message of a SIP user says about the next one.
    private struct Habit: Hashable, Sendable {
        /// The thread that the last message was given.
        var thread: String
        /// Whether the last message's Call-ID had not been seen before.
        var wasFresh: Bool
    }

    static let threadLife = Duration.seconds(24 * 3600)
    static let idleLife = Duration.seconds(600)
    /// Longer identifiers are hashed on the way and never stored.
    private static let longest = 256

    /// Threads by the Call-IDs that the gateway used.
    private var ours = ExpiringMap<String, String>(capacity: 32)
    /// Threads by the Call-IDs that SIP users chose.
    private var theirs = ExpiringMap<String, String>(capacity: 32)
    private var habits = ExpiringMap<JID, Habit>(capacity: 8)
    /// The Call-IDs of XMPP devices that name no thread.
    private var unthreaded = ExpiringMap<JID, String>(capacity: 8)

    var isEmpty: Bool { ours.isEmpty && theirs.isEmpty && habits.isEmpty && unthreaded.isEmpty }
    var end: Moment { max(max(ours.end, theirs.end), max(habits.end, unthreaded.end)) }

    /// The Call-ID of an XMPP user's message that names a thread.
    mutating func callID(of thread: String, at now: Moment) -> String {
        let callID = CallIdentifier.from(thread: thread)
        if thread.utf8.count <= Self.longest { ours.set(thread, for: callID, until: now + Self.threadLife) }
        return callID
    }

    /// The Call-ID of an XMPP device's message without a thread: its last one, or after ten idle minutes `fresh`.
    mutating func callID(of device: JID, orFresh fresh: @autoclosure () -> String, at now: Moment) -> String {
        let callID = unthreaded.value(of: device, at: now) ?? fresh()
        unthreaded.set(callID, for: device, until: now + Self.idleLife)
        ours.set(callID, for: callID, until: now + Self.threadLife)
        return callID
    }

    /// The thread of a SIP user's message.
    ///
    /// One who takes a new Call-ID for each message keeps the thread of the first, so that clients do not split the
    /// chat.
    mutating func thread(of callID: String, from sender: JID, at now: Moment) -> String {
        let callID = callID.utf8.count <= Self.longest ? callID : CallIdentifier.hashed(callID)
        let habit = habits.value(of: sender, at: now)
        let known = ours.value(of: callID, at: now) ?? theirs.value(of: callID, at: now)
        let thread: String
        switch (known, habit) {
        case (let known?, _): thread = known
        case (nil, let habit?) where habit.wasFresh: thread = habit.thread
        case (nil, _): thread = callID
        }
        if ours.value(of: callID, at: now) == nil {
            theirs.set(thread, for: callID, until: now + Self.threadLife)
        }
        habits.set(Habit(thread: thread, wasFresh: known == nil), for: sender, until: now + Self.idleLife)
        return thread
    }

    mutating func forgetExpired(at now: Moment) {
        ours.forgetExpired(at: now)
        theirs.forgetExpired(at: now)
        habits.forgetExpired(at: now)
        unthreaded.forgetExpired(at: now)
    }
}
