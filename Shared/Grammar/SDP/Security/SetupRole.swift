import Octets

/// Who opens the connection: `a=setup:actpass` (RFC 4145 section 4; RFC 5763 for DTLS, RFC 6135 for MSRP).
public enum SetupRole: String, SDPAttributeValue, CaseIterable {
    case active
    case passive
    case either = "actpass"
    case hold = "holdconn"

    public static let attribute = SDPAttributeName.setup

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        guard let word = cursor.word(octets), cursor.isFinished(octets),
            let role = SetupRole(rawValue: ASCII.lowercased(word))
        else { return nil }
        self = role
    }

    public var description: String { rawValue }

    /// What may answer this offer, best first (RFC 4145 section 4.1, RFC 5763 section 5).
    public var answers: [SetupRole] {
        switch self {
        case .active: [.passive, .hold]
        case .passive: [.active, .hold]
        case .either: [.active, .passive, .hold]
        case .hold: [.hold]
        }
    }
}
