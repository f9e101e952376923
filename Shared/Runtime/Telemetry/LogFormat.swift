/// How a line of the log looks.
package enum LogFormat: String, Hashable, Sendable, CaseIterable {
    /// For people: `2026-01-31T12:00:00.000Z info sip-edge: listening address=udp://127.0.0.1:5060`.
    case text
    /// For machines: one JSON object a line.
    case json
}
