/// A text that never shows itself: not in a log, not in an error, not in a debugger's dump.
///
/// Passwords, shared secrets and keys travel in this type from the configuration to the one place that needs the text.
/// Whoever interpolates, describes, mirrors or dumps it gets `(secret)`.
package struct Secret: Hashable, Sendable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// The text itself, for the one place that hands it to a peer or a key derivation.
    package var revealed: String { text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(secret)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
