import Octets

// Conforms: RFC 3605 §2 (complete)
// Conforms: RFC 4585 §4 (complete)
// Conforms: RFC 5576 §4 (complete)
// Conforms: RFC 5888 §4 (complete)
// Conforms: RFC 8285 §8 (complete)

/// What RTP media say.
extension SDPAttributes {
    /// Which way the media flow; nil if nothing is said.
    public var direction: MediaDirection? {
        get {
            for element in elements {
                let found = MediaDirection.allCases.first { $0.attribute == element.name }
                if let found { return found }
            }
            return nil
        }
        set {
            for direction in MediaDirection.allCases where direction != newValue {
                removeAll(direction.attribute)
            }
            if let newValue { self[flag: newValue.attribute] = true }
        }
    }

    public var rtpMaps: [RTPMap] {
        get { all(RTPMap.self) }
        set { set(newValue) }
    }

    public var formatParameters: [FormatParameters] {
        get { all(FormatParameters.self) }
        set { set(newValue) }
    }

    public var rtcpFeedback: [RTCPFeedback] {
        get { all(RTCPFeedback.self) }
        set { set(newValue) }
    }

    public var headerExtensions: [HeaderExtension] {
        get { all(HeaderExtension.self) }
        set { set(newValue) }
    }

    public var sourceAttributes: [SourceAttribute] {
        get { all(SourceAttribute.self) }
        set { set(newValue) }
    }

    public var sourceGroups: [SourceGroup] {
        get { all(SourceGroup.self) }
        set { set(newValue) }
    }

    public var groups: [MediaGroup] {
        get { all(MediaGroup.self) }
        set { set(newValue) }
    }

    public var rtcp: RTCPAddress? {
        get { first(RTCPAddress.self) }
        set { set(newValue) }
    }

    /// What a medium is called in groups (RFC 5888 section 4).
    public var mid: String? {
        get { word(.mid) }
        set { self[.mid] = newValue }
    }

    /// Milliseconds of media in a packet; of a fraction, the whole part.
    public var packetTime: Int? {
        get { milliseconds(.packetTime) }
        set { self[.packetTime] = newValue.map { String($0) } }
    }

    /// The most milliseconds of media in a packet; of a fraction, the whole part.
    public var maxPacketTime: Int? {
        get { milliseconds(.maxPacketTime) }
        set { self[.maxPacketTime] = newValue.map { String($0) } }
    }

    /// The value of an attribute that is one word.
    func word(_ name: SDPAttributeName) -> String? {
        guard let value = self[name] else { return nil }
        let octets = value.utf8.span
        var cursor = Cursor(octets)
        guard let word = cursor.word(octets), cursor.isFinished(octets) else { return nil }
        return word
    }

    /// The value of an attribute that is words with blanks between them.
    func words(_ name: SDPAttributeName) -> [String] {
        guard let value = self[name] else { return [] }
        let octets = value.utf8.span
        var cursor = Cursor(octets)
        return cursor.words(octets)
    }

    private func milliseconds(_ name: SDPAttributeName) -> Int? {
        guard let value = self[name] else { return nil }
        let octets = value.utf8.span
        var cursor = Cursor(octets)
        cursor.skipBlanks(octets)
        return cursor.digits(0...Int(Int32.max), octets)
    }
}
