/// What came over the bus is not what the contract says.
public struct ContractError: Error, Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// The octets are no protobuf message of this contract.
        case notAParcel
        /// A delivery's or a reply's id has not 16 octets.
        case badIdentifier
        /// A field that the contract needs is absent or of no known kind.
        case missing(StaticName)
        /// A SIP message inside does not parse.
        case badMessage
        /// Elements are nested deeper than any edge lets in.
        case tooDeep
    }

    /// The name of a field of the contract.
    public enum StaticName: String, Hashable, Sendable {
        case payload, outcome, identity, node, sender, fence
    }

    public var reason: Reason

    public init(_ reason: Reason) {
        self.reason = reason
    }
}
