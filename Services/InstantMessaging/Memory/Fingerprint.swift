import XMPPGrammar

/// A message as the loop rule knows it again: its sender, and either its identifier or its text (MAPPING 2.4).
struct Fingerprint: Hashable, Sendable {
    /// The side that a message left towards.
    enum Side: UInt8, Hashable, Sendable {
        case sip
        case xmpp
    }

    /// FNV-1a; whoever makes two messages collide only has his own dropped.
    private let hash: UInt64

    private init(towards side: Side, from sender: JID, _ feature: String) {
        var hash = (0xcbf2_9ce4_8422_2325 ^ UInt64(side.rawValue)) &* Self.prime
        for octet in (sender.local ?? "").utf8 { hash = (hash ^ UInt64(octet)) &* Self.prime }
        hash = (hash ^ 0xFF) &* Self.prime
        for octet in sender.domain.utf8 { hash = (hash ^ UInt64(octet)) &* Self.prime }
        hash = (hash ^ 0xFF) &* Self.prime
        for octet in feature.utf8 { hash = (hash ^ UInt64(octet)) &* Self.prime }
        self.hash = hash
    }

    /// What a message is known by: its identifier, and its text.
    static func both(
        towards side: Side,
        from sender: JID,
        identifier: String,
        text: String
    ) -> [Fingerprint] {
        [
            Fingerprint(towards: side, from: sender, identifier),
            Fingerprint(towards: side, from: sender, text),
        ]
    }

    private static let prime: UInt64 = 0x100_0000_01b3
}
