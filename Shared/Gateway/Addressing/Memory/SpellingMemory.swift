public import SIPGrammar
public import XMPPGrammar

/// How the SIP side spells users whom XMPP knows only in lower case (MAPPING 1.8): `bob@h.example` is `sip:Bob@h`.
///
/// Bounded: beyond its capacity the address not heard of for longest is forgotten, and the lower-case spelling used.
public struct SpellingMemory: Hashable, Sendable, Codable {
    /// What a sighting told.
    public enum Sighting: Hashable, Sendable {
        /// Nothing new.
        case known
        /// A spelling for an address that had none.
        case learned
        /// Another spelling than before: two users of one address, of whom only one can be reached, or one of two minds.
        case changed(from: String)
    }

    private struct Entry: Hashable, Codable {
        var user: String
        var seen: UInt64
    }

    /// A place in the order of sightings; out of date when the entry was seen again since.
    private struct Mark: Hashable, Codable {
        var address: String
        var seen: UInt64
    }

    public let capacity: Int
    private var entries: [String: Entry] = [:]
    private var marks: [Mark] = []
    private var clock: UInt64 = 0

    public init(capacity: Int = 65_536) {
        self.capacity = max(1, capacity)
    }

    public var count: Int { entries.count }

    /// Takes note of the spelling of an address that was just mapped to a JID.
    @discardableResult
    public mutating func remember(_ uri: SIPURI, as jid: JID) -> Sighting {
        // A number's spelling is its own matter: RFC 3966 section 4 compares without separators.
        guard let user = uri.user, uri.parameters.value("user") != "phone" else { return .known }
        let address = jid.bare.description
        clock += 1
        let before = entries.updateValue(Entry(user: user, seen: clock), forKey: address)
        marks.append(Mark(address: address, seen: clock))
        if entries.count > capacity { forgetOldest() }
        if marks.count > 2 * capacity + 16 { marks.removeAll { entries[$0.address]?.seen != $0.seen } }
        guard let before else { return .learned }
        return before.user.utf8.elementsEqual(user.utf8) ? .known : .changed(from: before.user)
    }

    /// The user part, percent-escapes and all, as the SIP side last wrote it.
    public func user(of jid: JID) -> String? {
        entries[jid.bare.description]?.user
    }

    private mutating func forgetOldest() {
        var index = marks.startIndex
        while index < marks.endIndex, entries.count > capacity {
            let mark = marks[index]
            if entries[mark.address]?.seen == mark.seen { entries[mark.address] = nil }
            index += 1
        }
        marks.removeFirst(index)
    }
}
