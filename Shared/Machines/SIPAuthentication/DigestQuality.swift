import Octets

/// What a digest protects (RFC 7616 section 3.4): the method and URI, or the body too.
public enum DigestQuality: String, Hashable, Sendable, CaseIterable {
    case authentication = "auth"
    case integrity = "auth-int"

    /// Reads a parameter, in either case; nil for what is unknown here.
    init?(_ text: String) {
        for quality in Self.allCases where ASCII.equalIgnoringCase(quality.rawValue, text) {
            self = quality
            return
        }
        return nil
    }
}
