package import SIPGrammar

/// A request that came in well-formed: it has all that every request must have, and its top Via says where it came from.
package struct ReceivedRequest: Sendable {
    package var request: SIPRequest
    package var mandatory: SIPMandatory
    package var origin: MessageOrigin

    package init(request: SIPRequest, mandatory: SIPMandatory, origin: MessageOrigin) {
        self.request = request
        self.mandatory = mandatory
        self.origin = origin
    }
}
