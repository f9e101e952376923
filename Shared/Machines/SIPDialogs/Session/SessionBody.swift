import Octets
public import SIPGrammar

/// The description of a session, an offer or an answer: a body that nobody here looks into.
public struct SessionBody: Hashable, Sendable, Codable {
    /// The media type with its parameters, as Content-Type has it.
    public var contentType: String
    public var octets: [UInt8]

    public init(_ contentType: String = "application/sdp", _ octets: [UInt8]) {
        self.contentType = contentType
        self.octets = octets
    }

    /// The description that a message carries; nil if it carries none.
    ///
    /// Without Content-Disposition, SDP and what may contain it is one (RFC 3261 section 20.11).
    public init?(_ headers: SIPHeaders, _ body: [UInt8]) {
        guard !body.isEmpty, let contentType = headers[.contentType], let type = try? headers.contentType()
        else { return nil }
        if let disposition = try? headers.parameterized(.contentDisposition) {
            guard ASCII.equalIgnoringCase(disposition.text, "session") else { return nil }
        } else {
            guard type.essence == "application/sdp" || type.type == "multipart" else { return nil }
        }
        self.init(contentType, body)
    }

    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        contentType = try container.decode(String.self)
        octets = Base64.decode(try container.decode(String.self)) ?? []
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(contentType)
        try container.encode(Base64.encode(octets))
    }
}
