/// A request that arrived, by the name that its owner gave it; its answer bears the same.
public struct RequestID: Hashable, Sendable, Codable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public var description: String { text }
}
