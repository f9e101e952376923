/// What names a dialog at one of its ends (RFC 3261 section 12).
public struct SIPDialogID: Hashable, Sendable, Codable, CustomStringConvertible {
    public var callID: String
    public var localTag: String
    /// Empty for a peer of RFC 2543, which gives none.
    public var remoteTag: String

    public init(callID: String, localTag: String, remoteTag: String) {
        self.callID = callID
        self.localTag = localTag
        self.remoteTag = remoteTag
    }

    public var description: String { "\(callID);local-tag=\(localTag);remote-tag=\(remoteTag)" }
}
