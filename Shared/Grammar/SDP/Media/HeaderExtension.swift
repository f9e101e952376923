import Octets

/// A header extension of RTP and its number: `a=extmap:3/recvonly urn:ietf:params:rtp-hdrext:sdes:mid` (RFC 8285 section 8).
public struct HeaderExtension: SDPAttributeValue {
    /// 1 to 255 on the wire; an offer may hold more from 4096 on.
    public var id: UInt16
    public var direction: MediaDirection?
    public var uri: String
    /// What stands behind the URI, as the extension says.
    public var attributes: String?

    public init(_ id: UInt16, direction: MediaDirection? = nil, _ uri: String, attributes: String? = nil) {
        self.id = id
        self.direction = direction
        self.uri = uri
        self.attributes = attributes
    }

    public static let attribute = SDPAttributeName.extensionMap

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        cursor.skipBlanks(octets)
        guard let id = cursor.digits(1...UInt16.max, octets) else { return nil }
        var direction: MediaDirection?
        if cursor.take(UInt8(ascii: "/"), octets) {
            guard let word = cursor.word(octets),
                let way = MediaDirection(rawValue: ASCII.lowercased(word))
            else { return nil }
            direction = way
        }
        guard cursor.isAtBreak(octets), let uri = cursor.word(octets) else { return nil }
        self.init(id, direction: direction, uri, attributes: cursor.rest(octets))
    }

    public var description: String {
        let way = direction.map { "/\($0.rawValue)" } ?? ""
        let rest = attributes.map { " \($0)" } ?? ""
        return "\(id)\(way) \(uri)\(rest)"
    }
}
