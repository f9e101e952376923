/// A body with its headers, and the bodies within it (RFC 2045, RFC 2046).
///
/// ```
/// Content-Type: multipart/alternative; boundary=b
///
/// --b
/// Content-Type: text/plain
///
/// Wherefore art thou, Romeo?
/// --b--
/// ```
/// reads as an entity whose ``content`` is one part, whose content in turn is 26 octets.
public struct MIMEEntity: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        /// The octets with the transfer encoding undone.
        case octets([UInt8])
        /// The parts of a multipart.
        case parts([MIMEEntity])
    }

    /// All header fields as they came, Content-Type among them where there was one.
    public var headers: MIMEHeaders
    /// What the Content-Type field says; `text/plain` when there is none or it cannot be read.
    public var mediaType: MediaType
    public var content: Content

    /// A body to be printed; Content-Type is written from the media type.
    public init(_ mediaType: MediaType, headers: MIMEHeaders = MIMEHeaders(), octets: [UInt8]) {
        self.mediaType = mediaType
        self.headers = headers
        self.content = .octets(octets)
    }

    /// Reads an entity that begins with its header fields.
    public init(parsing octets: [UInt8], limits: MIMELimits = MIMELimits()) throws(MIMEError) {
        var parser = MIMEParser(limits: limits)
        self = try parser.entity(octets[...], depth: 0)
    }

    /// Reads a body whose header fields came elsewhere, as those of a SIP request do.
    public init(
        parsing body: [UInt8],
        as mediaType: MediaType,
        headers: MIMEHeaders = MIMEHeaders(),
        limits: MIMELimits = MIMELimits()
    ) throws(MIMEError) {
        var parser = MIMEParser(limits: limits)
        self = try parser.entity(body[...], as: mediaType, headers: headers, depth: 0)
    }

    /// Joins bodies into a multipart with a boundary that none of them contains.
    public init(multipart subtype: String, parts: [MIMEEntity]) {
        let boundary = Self.boundary(for: parts)
        mediaType = MediaType("multipart", subtype, parameters: [MIMEParameter("boundary", boundary)])
        headers = MIMEHeaders()
        content = .parts(parts)
    }

    /// The parts of a multipart; none for anything else.
    public var parts: [MIMEEntity] {
        switch content {
        case .octets: []
        case .parts(let parts): parts
        }
    }

    /// The text of a body by its charset, UTF-8 where none is named (RFC 3261 section 7.4.1).
    ///
    /// Nil for a multipart and for a charset that ``Charset`` does not know.
    public var text: String? {
        switch content {
        case .octets(let octets): Charset.decode(octets, as: mediaType.charset ?? "utf-8")
        case .parts: nil
        }
    }

    public var disposition: ContentDisposition? {
        headers["Content-Disposition"].map(ContentDisposition.init(parsing:))
    }

    /// Whether one who cannot read this body may pass over it (RFC 5621 section 7).
    public var isOptional: Bool { disposition?.isOptional ?? false }
}
