import Octets

/// How a candidate was found (RFC 8839 section 5.1 `candidate-types`).
public struct ICECandidateKind: Hashable, Sendable {
    /// In small letters.
    public let text: String

    public init(_ text: String) {
        self.text = ASCII.lowercased(text)
    }

    public static let host = ICECandidateKind("host")
    public static let serverReflexive = ICECandidateKind("srflx")
    public static let peerReflexive = ICECandidateKind("prflx")
    public static let relayed = ICECandidateKind("relay")
}
