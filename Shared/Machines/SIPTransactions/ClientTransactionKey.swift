public import SIPGrammar

/// Which client transaction a response belongs to (RFC 3261 section 17.1.3): CANCEL shares the branch of the request
/// that it cancels, therefore the method.
public struct ClientTransactionKey: Hashable, Sendable {
    public var branch: String
    public var method: SIPMethod

    public init(branch: String, method: SIPMethod) {
        self.branch = branch
        self.method = method
    }

    /// The key of a response with this top Via; nil if it has no branch, for then it answers nothing of ours.
    public init?(_ response: SIPResponse, via: SIPVia) {
        guard let branch = via.branch, let cSeq = try? response.headers.cSeq() else { return nil }
        self.init(branch: branch, method: cSeq.method)
    }
}
