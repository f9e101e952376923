public import SIPGrammar

/// Which server transaction a request belongs to (RFC 3261 section 17.2.3).
public enum ServerTransactionKey: Hashable, Sendable {
    /// The branch has the magic cookie: with whoever sent it, it names the transaction.
    case branch(String, sentBy: SentBy, method: SIPMethod)
    /// COMPAT: RFC 2543 clients: the branch, if there is one, need not be unique; the fields together are.
    ///
    /// The To tag is not among them for INVITE: its ACK has the tag of the response, which the host compares.
    case fields(
        uri: SIPRequestURI,
        toTag: String?,
        fromTag: String?,
        callID: String,
        cSeq: SIPCSeq,
        via: SIPVia
    )

    /// Host and port of the one who sent a request, as its Via says.
    public struct SentBy: Hashable, Sendable {
        public var host: SIPHost
        public var port: Int?

        public init(_ via: SIPVia) {
            host = via.host
            port = via.port
        }
    }

    /// The key of a request; that of an ACK is the key of its INVITE.
    public init(_ request: SIPRequest, _ head: SIPMandatory) {
        self.init(request, head, method: request.method == .ack ? .invite : request.method)
    }

    /// The key of the INVITE that a CANCEL wants to end (RFC 3261 section 9.2).
    public init(cancelledBy request: SIPRequest, _ head: SIPMandatory) {
        self.init(request, head, method: .invite)
    }

    private init(_ request: SIPRequest, _ head: SIPMandatory, method: SIPMethod) {
        if let branch = head.via.branch, head.via.hasUniqueBranch {
            self = .branch(branch, sentBy: SentBy(head.via), method: method)
            return
        }
        self = .fields(
            uri: request.uri,
            toTag: method == .invite ? nil : head.to.tag,
            fromTag: head.from.tag,
            callID: head.callID,
            cSeq: SIPCSeq(head.cSeq.number, method),
            via: Self.asSent(head.via)
        )
    }

    /// A Via without what the receiver adds to it.
    private static func asSent(_ via: SIPVia) -> SIPVia {
        var via = via
        via.parameters.remove("received")
        via.parameters.remove("rport")
        return via
    }
}
