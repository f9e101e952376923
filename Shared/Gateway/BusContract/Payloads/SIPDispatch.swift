public import SIPGrammar

/// A SIP request to be sent, outside a dialog or within one.
///
/// The edge adds Via and Max-Forwards, chooses the next hop by Route, else by the Request-URI, and fills in a Contact
/// whose host is ``SIPContact/placeholder``. The outcome holds the final response, but for two methods: an ACK is
/// answered with `ok` when it has left; an INVITE when the first response to it came, and all of its responses are
/// delivered as ``SIPProgress``.
public struct SIPDispatch: Hashable, Sendable {
    public var request: SIPRequest
    /// Whether to send a request that exceeds what RFC 3261 section 18.1.1 allows on the only transport there is.
    ///
    /// If not, the delivery fails with ``Failure/Reason/tooLarge``.
    public var allowsOversize: Bool
    /// Of an INVITE: the service that its responses are delivered to, under the key of this delivery.
    public var progressTo: ServiceName?
    /// Of a CANCEL: the delivery of the INVITE that it means; it goes where that went, with its branch.
    public var cancels: DeliveryID?

    public init(
        request: SIPRequest,
        allowsOversize: Bool = false,
        progressTo: ServiceName? = nil,
        cancels: DeliveryID? = nil
    ) {
        self.request = request
        self.allowsOversize = allowsOversize
        self.progressTo = progressTo
        self.cancels = cancels
    }
}
