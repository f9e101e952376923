public import SIPGrammar

// Conforms: RFC 3891 §3 (complete, but for the authorisation, which is the owner's)

/// What an INVITE with Replaces asks for, and whether it can be had (RFC 3891 section 3).
public enum ReplacesVerdict: Hashable, Sendable {
    /// There is no Replaces header field.
    case absent
    /// The dialog of this id may be replaced; it ends by BYE or, if early, by CANCEL.
    case replaces(SIPDialogID)
    /// The INVITE is answered with this status.
    case refused(Int)

    /// A dialog that Replaces may name.
    public struct Candidate: Hashable, Sendable {
        public enum Stage: Hashable, Sendable {
            /// Early, and we have sent the INVITE.
            case calling
            /// Early, and we have received the INVITE.
            case called
            case confirmed
            case ended
        }

        public var id: SIPDialogID
        public var stage: Stage

        public init(_ id: SIPDialogID, _ stage: Stage) {
            self.id = id
            self.stage = stage
        }
    }

    /// Judges an INVITE by the dialogs that there are.
    public init(_ request: SIPRequest, among candidates: [Candidate]) {
        let values = request.headers.all(.replaces)
        guard !values.isEmpty else {
            self = .absent
            return
        }
        guard request.method == .invite, !request.headers.contains(.join),
            let reference = try? request.headers.dialogReference(.replaces)
        else {
            self = .refused(400)
            return
        }
        let matching = candidates.filter { reference.names($0.id) }
        guard matching.count == 1, let found = matching.first else {
            self = .refused(481)
            return
        }
        self =
            switch found.stage {
            case .called: .refused(481)
            case .ended: .refused(603)
            case .confirmed where reference.isEarlyOnly: .refused(486)
            case .calling, .confirmed: .replaces(found.id)
            }
    }
}

extension SIPDialogReference {
    /// Whether this is the name of a dialog of ours.
    ///
    /// A tag of `0` stands for one that a peer of RFC 2543 did not give (RFC 3891 section 6.1).
    public func names(_ id: SIPDialogID) -> Bool {
        callID == id.callID && localTag == id.localTag
            && (remoteTag == id.remoteTag || (remoteTag == "0" && id.remoteTag.isEmpty))
    }
}
