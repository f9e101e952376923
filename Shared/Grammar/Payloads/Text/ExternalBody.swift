/// Content that lies elsewhere: `message/external-body; access-type="URL"` (RFC 4483, RFC 2017).
///
/// ```
/// Content-Type: message/external-body; access-type="URL";
///     expiration="Mon, 24 June 2002 09:00:00 GMT"; URL="http://www.example.com/photo.jpg"; size=4321
///
/// Content-Type: image/jpeg
/// ```
public struct ExternalBody: Hashable, Sendable {
    /// Where the content lies.
    ///
    /// Only `http` and `https` addresses are read.
    public var url: String
    /// The length in octets.
    public var size: Int?
    /// When the address ceases to work, in milliseconds since 1970.
    public var expiration: Int64?
    /// What the content is, from the header fields in the body.
    public var mediaType: MediaType?

    public init(url: String, size: Int? = nil, expiration: Int64? = nil, mediaType: MediaType? = nil) {
        self.url = url
        self.size = size
        self.expiration = expiration
        self.mediaType = mediaType
    }

    /// Nil when the entity is of another type, gives no address, or one that is not of the web.
    public init?(_ entity: MIMEEntity) {
        guard entity.mediaType.essence == MediaType.externalBody.essence,
            entity.mediaType.parameter("access-type")?.lowercased() == "url",
            case .octets(let octets) = entity.content,
            let url = Self.url(entity.mediaType.parameter("url") ?? "")
        else { return nil }
        self.url = url
        size = entity.mediaType.parameter("size").flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        expiration = entity.mediaType.parameter("expiration").flatMap(RFC1123Date.parse)
        mediaType = MIMEHeaders.parse(octets[...]).headers["Content-Type"].flatMap { MediaType($0) }
    }

    /// The address without the white space that RFC 2017 section 3 lets a sender put into it.
    private static func url(_ text: String) -> String? {
        let octets = text.utf8.filter { $0 > UInt8(ascii: " ") && $0 < 0x7F }
        let url = String(decoding: octets, as: UTF8.self)
        return LinkTarget.isWeb(url) ? url : nil
    }
}
