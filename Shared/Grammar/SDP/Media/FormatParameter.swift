/// One parameter of a format: `useinbandfec=1`, or a value alone, `0-15`.
public struct FormatParameter: Hashable, Sendable, CustomStringConvertible {
    public var name: String
    public var value: String?

    public init(_ name: String, _ value: String? = nil) {
        self.name = name
        self.value = value
    }

    public var description: String {
        guard let value else { return name }
        return "\(name)=\(value)"
    }
}
