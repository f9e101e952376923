import Octets

// Conforms: RFC 8866 §5 (complete)
// Conforms: RFC 8866 §9 (complete)

/// A session description (RFC 8866).
///
/// ```
/// v=0
/// o=alice 2890844526 2890844526 IN IP4 host.atlanta.example
/// s=-
/// c=IN IP4 host.atlanta.example
/// t=0 0
/// m=audio 49170 RTP/AVP 0
/// a=rtpmap:0 PCMU/8000
/// ```
/// What parses prints, and parses to the same. Printed, lines stand in the order of RFC 8866 section 5.
public struct SessionDescription: Hashable, Sendable {
    public var origin: SDPOrigin
    /// `-` if the session has no name.
    public var name: String
    public var info: String?
    public var uri: String?
    public var emails: [String]
    public var phones: [String]
    /// Where media go that do not say it themselves.
    public var connection: SDPConnection?
    public var bandwidths: [SDPBandwidth]
    /// When the session is; `0 0`, which is always, if it has no times.
    public var timings: [SDPTiming]
    /// The obsolete `k=` line, which must not be used (RFC 8866 section 5.12).
    public var key: String?
    public var attributes: SDPAttributes
    public var media: [MediaDescription]
    /// Lines before the first medium that mean nothing to us.
    public var otherLines: [SDPLine]

    public init(
        origin: SDPOrigin,
        name: String = "-",
        connection: SDPConnection? = nil,
        attributes: SDPAttributes = [],
        media: [MediaDescription] = []
    ) {
        self.origin = origin
        self.name = name
        self.connection = connection
        self.attributes = attributes
        self.media = media
        emails = []
        phones = []
        bandwidths = []
        timings = [SDPTiming()]
        otherLines = []
    }

    /// Reads a body of type `application/sdp`.
    public static func parse(
        _ octets: Span<UInt8>,
        limits: SDPLimits = .standard
    ) throws(SDPSyntaxError) -> SessionDescription {
        var parser = try DescriptionParser(octets, limits: limits)
        return try parser.session(octets)
    }

    /// Reads a body of type `application/sdp`.
    public static func parse(
        _ octets: [UInt8],
        limits: SDPLimits = .standard
    ) throws(SDPSyntaxError) -> SessionDescription {
        try parse(octets.span, limits: limits)
    }
}

extension SessionDescription: CustomStringConvertible {
    public var description: String { String(decoding: octets, as: UTF8.self) }

    /// The description as a body has it.
    public var octets: [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(1024)
        write(into: &octets)
        return octets
    }

    public func write(into octets: inout [UInt8]) {
        octets.append(text: "v=0\r\n")
        octets.begin(UInt8(ascii: "o"))
        origin.write(into: &octets)
        octets.endLine()
        octets.append(line: UInt8(ascii: "s"), name.isEmpty ? "-" : name)
        if let info { octets.append(line: UInt8(ascii: "i"), info) }
        if let uri { octets.append(line: UInt8(ascii: "u"), uri) }
        for email in emails { octets.append(line: UInt8(ascii: "e"), email) }
        for phone in phones { octets.append(line: UInt8(ascii: "p"), phone) }
        if let connection {
            octets.begin(UInt8(ascii: "c"))
            connection.write(into: &octets)
            octets.endLine()
        }
        for bandwidth in bandwidths { octets.append(line: UInt8(ascii: "b"), bandwidth.description) }
        for timing in timings { timing.write(into: &octets) }
        if timings.isEmpty { SDPTiming().write(into: &octets) }
        if let key { octets.append(line: UInt8(ascii: "k"), key) }
        for attribute in attributes.elements { attribute.write(into: &octets) }
        for line in otherLines { octets.append(line: line.type, line.value) }
        for medium in media { medium.write(into: &octets) }
    }
}
