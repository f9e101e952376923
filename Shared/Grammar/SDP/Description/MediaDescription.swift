import Octets

/// One medium of a session: an `m=` line and what follows it (RFC 8866 section 5.14).
///
/// `m=audio 49170 RTP/AVP 0 96` is `MediaDescription("audio", port: 49170, "RTP/AVP", ["0", "96"])`.
public struct MediaDescription: Hashable, Sendable {
    /// `audio`, `video`, `text`, `message`, `application`, `image`.
    public var media: String
    /// Where it is received; 0 refuses it (RFC 3264 section 6).
    public var port: UInt16
    /// How many ports, each two above the one before it; nil is one.
    public var portCount: UInt16?
    /// The transport protocol and profile: `RTP/AVP`, `UDP/TLS/RTP/SAVPF`, `TCP/MSRP`.
    public var proto: String
    /// Payload types for RTP, else what the protocol says; the first is the best liked.
    public var formats: [String]
    public var info: String?
    public var connections: [SDPConnection]
    public var bandwidths: [SDPBandwidth]
    /// The obsolete `k=` line, which must not be used (RFC 8866 section 5.12).
    public var key: String?
    public var attributes: SDPAttributes
    /// Lines that mean nothing to us.
    public var otherLines: [SDPLine]

    public init(
        _ media: String,
        port: UInt16,
        _ proto: String,
        _ formats: [String],
        connections: [SDPConnection] = [],
        attributes: SDPAttributes = []
    ) {
        self.media = media
        self.port = port
        self.proto = proto
        self.formats = formats
        self.connections = connections
        self.attributes = attributes
        bandwidths = []
        otherLines = []
    }

    /// Whether the formats are RTP payload types.
    public var isRTP: Bool { MediaDescription.isRTP(proto) }

    /// The formats as RTP payload types; empty if they are something else.
    public var payloadTypes: [UInt8] {
        guard isRTP else { return [] }
        return formats.compactMap { ASCII.decimal($0.utf8.span, limit: 127).map { UInt8($0) } }
    }

    /// The encoding of a payload type, if a line says it; static ones need none (RFC 3551 section 6).
    public func rtpMap(of payloadType: UInt8) -> RTPMap? {
        attributes.all(RTPMap.self).first { $0.payloadType == payloadType }
    }

    /// The parameters of a format.
    public func formatParameters(of format: String) -> FormatParameters? {
        attributes.all(FormatParameters.self).first { $0.format == format }
    }

    private static func isRTP(_ proto: String) -> Bool {
        proto.utf8.split(separator: UInt8(ascii: "/")).contains {
            ASCII.equalIgnoringCase(String(Substring($0)), "RTP")
        }
    }
}

extension MediaDescription {
    /// Reads what stands behind `m=`.
    init(_ octets: Span<UInt8>, _ range: Range<Int>) throws(SDPSyntaxError.Reason) {
        var cursor = Cursor(range)
        guard let media = cursor.word(of: SDPGrammar.token, octets) else { throw .value }
        cursor.skipBlanks(octets)
        guard let digits = cursor.run(.digit, octets) else { throw .value }
        guard let port = ASCII.decimal(octets.extracting(digits), limit: 65_535) else { throw .range }
        var count: UInt16?
        if cursor.take(UInt8(ascii: "/"), octets) {
            guard let number = cursor.digits(1...UInt16.max, octets) else { throw .range }
            count = number
        }
        guard cursor.isAtBreak(octets), let proto = cursor.word(of: SDPGrammar.proto, octets) else {
            throw .value
        }
        // COMPAT: RFC 8866 wants a format at least; some video phones refuse a medium with `m=video 0 RTP/AVP`.
        let formats = cursor.words(octets)
        if port != 0, MediaDescription.isRTP(proto) {
            for format in formats where ASCII.decimal(format.utf8.span, limit: 127) == nil { throw .range }
        }
        self.init(media, port: UInt16(port), proto, formats)
        portCount = count
    }

    func write(into octets: inout [UInt8]) {
        octets.begin(UInt8(ascii: "m"))
        octets.append(word: media)
        octets.append(ASCII.space)
        octets.append(decimal: port)
        if let portCount {
            octets.append(UInt8(ascii: "/"))
            octets.append(decimal: portCount)
        }
        octets.append(ASCII.space)
        octets.append(word: proto)
        for format in formats {
            octets.append(ASCII.space)
            octets.append(word: format)
        }
        octets.endLine()
        if let info { octets.append(line: UInt8(ascii: "i"), info) }
        for connection in connections {
            octets.begin(UInt8(ascii: "c"))
            connection.write(into: &octets)
            octets.endLine()
        }
        for bandwidth in bandwidths { octets.append(line: UInt8(ascii: "b"), bandwidth.description) }
        if let key { octets.append(line: UInt8(ascii: "k"), key) }
        for attribute in attributes.elements { attribute.write(into: &octets) }
        for line in otherLines { octets.append(line: line.type, line.value) }
    }
}
