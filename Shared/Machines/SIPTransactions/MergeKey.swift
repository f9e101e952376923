public import SIPGrammar

/// What two requests have in common that are one request come by two paths (RFC 3261 section 8.2.2.2).
///
/// The second, recognised by an equal key and a different ``ServerTransactionKey``, is answered with 482 (Loop Detected).
public struct MergeKey: Hashable, Sendable {
    public var fromTag: String?
    public var callID: String
    public var cSeq: SIPCSeq

    /// The key of a request outside any dialog; nil for one whose To has a tag, which cannot be merged.
    public init?(_ head: SIPMandatory) {
        guard head.to.tag == nil else { return nil }
        fromTag = head.from.tag
        callID = head.callID
        cSeq = head.cSeq
    }
}
