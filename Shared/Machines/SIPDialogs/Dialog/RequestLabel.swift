/// A request that a machine has sent; what comes back to it is given to the machine under the same label.
public struct RequestLabel: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Counted from 1 in each machine.
    public let number: UInt32

    public init(_ number: UInt32) {
        self.number = number
    }

    public var description: String { "\(number)" }
}
