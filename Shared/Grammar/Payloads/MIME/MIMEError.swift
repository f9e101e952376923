/// Why octets are not the MIME entity that they claim to be.
public enum MIMEError: Error, Hashable, Sendable {
    /// A multipart type without the boundary that RFC 2046 section 5.1.1 requires.
    case noBoundary
    /// A multipart body in which the boundary never comes.
    case noParts
    /// More parts than ``MIMELimits/parts``, all levels together.
    case tooManyParts
    /// Multiparts within each other beyond ``MIMELimits/depth``.
    case tooDeep
    /// A Content-Transfer-Encoding that nobody knows (RFC 2045 section 6.4 takes such content as unreadable).
    case unknownTransferEncoding
}

/// How much of a MIME entity is read.
public struct MIMELimits: Hashable, Sendable {
    /// Multiparts within each other.
    public var depth: Int
    /// Parts of all levels together.
    public var parts: Int

    public init(depth: Int = 8, parts: Int = 64) {
        self.depth = depth
        self.parts = parts
    }
}
