/// Which way a medium flows, as the writer of the description sees it (RFC 8866 section 6.7, RFC 3264 section 5.1).
public enum MediaDirection: String, Hashable, Sendable, CaseIterable {
    case sendReceive = "sendrecv"
    case sendOnly = "sendonly"
    case receiveOnly = "recvonly"
    case inactive

    public init(sends: Bool, receives: Bool) {
        self =
            switch (sends, receives) {
            case (true, true): .sendReceive
            case (true, false): .sendOnly
            case (false, true): .receiveOnly
            case (false, false): .inactive
            }
    }

    public var sends: Bool { self == .sendReceive || self == .sendOnly }

    public var receives: Bool { self == .sendReceive || self == .receiveOnly }

    /// The same flow as the other side sees it.
    public var reversed: MediaDirection { MediaDirection(sends: receives, receives: sends) }

    /// What is left of this direction when the other side offers or answers one (RFC 3264 section 6.1).
    public func limited(by other: MediaDirection) -> MediaDirection {
        MediaDirection(sends: sends && other.receives, receives: receives && other.sends)
    }

    /// The attribute that says this.
    public var attribute: SDPAttributeName {
        switch self {
        case .sendReceive: .sendReceive
        case .sendOnly: .sendOnly
        case .receiveOnly: .receiveOnly
        case .inactive: .inactive
        }
    }
}
