/// A MESSAGE request from a SIP user to an XMPP user (RFC 3428), made by writing digits over a copy.
struct MessageTemplate {
    private let octets: [UInt8]
    private let markers: [Int]
    private let sequences: [Int]
    private let users: [Int]

    init(sipPort: UInt16, textLength: Int) {
        let text = MessageText.padded(to: textLength)
        let request = """
            MESSAGE sip:x@0000@wonder.example SIP/2.0\r
            Via: SIP/2.0/UDP 127.0.0.1:\(sipPort);branch=z9hG4bK\(Marker.placeholder);rport\r
            Max-Forwards: 70\r
            From: <sip:u@0000@sip.example>;tag=load\r
            To: <sip:x@0000@wonder.example>\r
            Call-ID: c@0000@load.invalid\r
            CSeq: 1#0000000 MESSAGE\r
            Content-Type: text/plain;charset=UTF-8\r
            Content-Length: \(text.utf8.count)\r
            \r
            \(text)
            """
        // `@` before four digits and `#` before eight mark what differs; the marks themselves do not stay.
        var octets: [UInt8] = []
        var users: [Int] = []
        var sequences: [Int] = []
        let source = Array(request.utf8)
        for (index, octet) in source.enumerated() {
            if octet == UInt8(ascii: "@"), index + 5 < source.count, source[index + 1] == UInt8(ascii: "0") {
                users.append(octets.count)
            } else if octet == UInt8(ascii: "#") {
                sequences.append(octets.count)
            } else {
                octets.append(octet)
            }
        }
        self.octets = octets
        self.users = users
        self.sequences = sequences
        self.markers = Self.offsets(of: Array(Marker.placeholder.utf8), in: octets)
    }

    /// Writes the request with this marker; its length.
    func write(_ marker: Marker, into place: UnsafeMutableRawBufferPointer) -> Int {
        unsafe place.copyBytes(from: octets)
        for offset in markers { unsafe marker.write(into: place, at: offset) }
        for offset in users { unsafe Marker.write(marker.user, digits: 4, into: place, at: offset) }
        for offset in sequences { unsafe Marker.write(marker.sequence, digits: 7, into: place, at: offset) }
        return octets.count
    }

    private static func offsets(of needle: [UInt8], in octets: [UInt8]) -> [Int] {
        (0...octets.count - needle.count).filter { octets[$0..<$0 + needle.count].elementsEqual(needle) }
    }
}

/// The texts: a marker, then a sentence until the length is reached.
enum MessageText {
    static func padded(to length: Int) -> String {
        let filling = " Will you walk a little faster? said a whiting to a snail."
        var text = Marker.placeholder
        while text.utf8.count < length { text += filling }
        return String(text.prefix(max(length, Marker.length)))
    }
}
