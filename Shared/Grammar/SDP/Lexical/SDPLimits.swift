/// How much of a description the parser takes, so that nobody decides but us how much memory one costs.
///
/// A browser's offer of audio and video has some 150 lines and 8,000 octets.
public struct SDPLimits: Hashable, Sendable {
    /// Octets of a whole description.
    public var octets: Int
    public var lines: Int
    /// Media sections.
    public var media: Int

    public init(octets: Int = 65_536, lines: Int = 2048, media: Int = 64) {
        self.octets = octets
        self.lines = lines
        self.media = media
    }

    public static let standard = SDPLimits()
}
