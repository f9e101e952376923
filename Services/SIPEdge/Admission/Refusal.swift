package import BusContract
package import SIPGrammar

/// An answer that a request gets at the border, and why, for the counters.
package struct Refusal: Hashable, Sendable {
    /// Each is a value of `reason` in the metrics: few, and none of a peer's choosing.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// Something in it cannot be read.
        case malformed
        /// A method, extension or body that nobody here takes.
        case unsupported
        case loop
        /// Max-Forwards has come to its end.
        case hops
        /// The same request came another way (RFC 3261 section 8.2.2.2).
        case merged
        /// A dialog or transaction that does not exist.
        case unknownDialog = "unknown-dialog"
        /// A scheme or a domain that is not reached from here.
        case unreachable
        /// Neither sender nor target is one of ours: no open relay.
        case relay
        /// Nothing proves who the sender is.
        case unverified
        /// The sender has proven to be somebody else.
        case notEntitled = "not-entitled"
        /// Credentials are asked for.
        case challenged
        /// The credentials are wrong.
        case credentials
        /// The credentials are right, their nonce is not.
        case stale
        /// One address or one user asks too often, or has too much under way.
        case rate
        /// This process has no room, or is about to end.
        case overload
        /// The service that would take it does not run.
        case down
    }

    package var answer: SIPAnswer
    package var reason: Reason

    package init(_ answer: SIPAnswer, _ reason: Reason) {
        self.answer = answer
        self.reason = reason
    }

    /// What is answered to something that cannot be read.
    package init(_ error: SIPSyntaxError) {
        self.init(SIPAnswer(error.status, reason: error.phrase), .malformed)
    }

    /// What is answered when there is no room, or too much was asked for.
    static func overloaded(_ reason: Reason, for duration: Duration = .seconds(1)) -> Refusal {
        Refusal(.overloaded(for: duration), reason)
    }
}
