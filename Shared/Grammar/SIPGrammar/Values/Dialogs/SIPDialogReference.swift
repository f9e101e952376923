import Octets

/// A dialog by name, as Replaces (RFC 3891), Join (RFC 3911) and Target-Dialog (RFC 4538) have it.
///
/// `425928@phone.example.org;to-tag=7743;from-tag=6472;early-only`
public struct SIPDialogReference: Hashable, Sendable, Codable, CustomStringConvertible {
    public var callID: String
    /// The tag of the one who receives the header field.
    public var localTag: String
    /// The tag of the other end.
    public var remoteTag: String
    /// Whether a confirmed dialog is not meant (RFC 3891 section 6.1).
    public var isEarlyOnly: Bool

    public init(callID: String, localTag: String, remoteTag: String, isEarlyOnly: Bool = false) {
        self.callID = callID
        self.localTag = localTag
        self.remoteTag = remoteTag
        self.isEarlyOnly = isEarlyOnly
    }

    /// The value of Replaces.
    public var description: String {
        let flag = isEarlyOnly ? ";early-only" : ""
        return "\(callID);to-tag=\(localTag);from-tag=\(remoteTag)\(flag)"
    }

    /// The value of Target-Dialog, whose parameters have other names and no `early-only`.
    public var targetDialog: String { "\(callID);local-tag=\(localTag);remote-tag=\(remoteTag)" }

    /// Reads a value of any of the three; nil unless it has both tags once.
    init?(_ value: SIPValue) {
        let parameters = value.parameters
        // Target-Dialog too names the tags as its receiver sees them (RFC 4538 section 4).
        guard let local = Self.only(["to-tag", "local-tag"], parameters),
            let remote = Self.only(["from-tag", "remote-tag"], parameters)
        else { return nil }
        self.init(
            callID: value.text,
            localTag: local,
            remoteTag: remote,
            isEarlyOnly: parameters.contains("early-only")
        )
    }

    private static func only(_ names: [String], _ parameters: SIPParameters) -> String? {
        let found = parameters.elements.filter { element in
            names.contains { ASCII.equalIgnoringCase($0, element.name) }
        }
        return found.count == 1 ? found[0].value : nil
    }
}
