/// What a notifier grants.
public struct NotifierSettings: Hashable, Sendable, Codable {
    /// The packages that can be subscribed to; of others a SUBSCRIBE is answered 489.
    public var packages: [String]
    /// The media types that notifications have, empty for any; whoever accepts none of them is answered 406.
    public var types: [String]
    /// What is granted to one who does not say how long, in seconds.
    public var expires: UInt32 = 3600
    /// What is too short to be granted and answered 423; an Expires of 0 is not.
    public var minimumExpires: UInt32 = 60
    public var maximumExpires: UInt32 = 86_400
    /// How long the owner may take for the last notification after an Expires of 0.
    public var patience = Duration.seconds(5)

    public init(packages: [String], types: [String] = []) {
        self.packages = packages
        self.types = types
    }
}
