/// Why a store did not do what was asked.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        /// Not now: locked, full, overloaded or unreachable. The same call may succeed later.
        case unavailable
        /// A later release has been here and left a schema that this one does not know.
        case tooNew = "too-new"
        /// What is stored cannot be read any more.
        case corrupt
        /// It can be read and not written.
        case readOnly = "read-only"
        /// It will not be done, however often it is asked.
        case refused
    }

    package var reason: Reason
    /// One line for people: what happened, to what, and what to do.
    ///
    /// It never holds a password or a conversation's state.
    package var text: String

    package init(_ reason: Reason, _ text: String) {
        self.reason = reason
        self.text = text
    }

    package var description: String { text }
}
