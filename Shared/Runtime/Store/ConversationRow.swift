/// A conversation as it was last written.
package struct ConversationRow: Hashable, Sendable {
    package var key: String
    package var state: [UInt8]

    package init(key: String, state: [UInt8]) {
        self.key = key
        self.state = state
    }
}
