import Octets

/// One parameter of a URI or of a header field: a name and, unless it is a flag, a value.
public struct SIPParameter: Hashable, Sendable {
    /// The name as it was spelt; it is compared without regard to case.
    public let name: String
    /// The value as it stands on the wire: quoted strings with their quotes, escapes undecoded.
    public let value: String?

    public init(_ name: String, _ value: String? = nil) {
        self.name = name
        self.value = value
    }

    public static func == (left: SIPParameter, right: SIPParameter) -> Bool {
        left.value == right.value && ASCII.equalIgnoringCase(left.name, right.name)
    }

    public func hash(into hasher: inout Hasher) {
        ASCII.hashIgnoringCase(name, into: &hasher)
        hasher.combine(value)
    }
}
