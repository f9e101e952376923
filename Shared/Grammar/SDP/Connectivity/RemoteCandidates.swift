/// The candidates of the other side that were chosen:
/// `a=remote-candidates:1 192.0.2.3 45664 2 192.0.2.3 45665` (RFC 8839 section 5.2).
public struct RemoteCandidates: SDPAttributeValue {
    public struct Candidate: Hashable, Sendable {
        public var component: UInt16
        public var address: SDPAddress
        public var port: UInt16

        public init(component: UInt16, address: SDPAddress, port: UInt16) {
            self.component = component
            self.address = address
            self.port = port
        }
    }

    public var candidates: [Candidate]

    public init(_ candidates: [Candidate]) {
        self.candidates = candidates
    }

    public static let attribute = SDPAttributeName.remoteCandidates

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        candidates = []
        repeat {
            guard let component = cursor.number(1...UInt16(256), octets),
                let place = cursor.wordRange(octets),
                let port = cursor.number(0...UInt16.max, octets)
            else { return nil }
            let address = SDPAddress(octets.extracting(place))
            candidates.append(Candidate(component: component, address: address, port: port))
        } while !cursor.isFinished(octets)
    }

    public var description: String {
        candidates.map { "\($0.component) \($0.address) \($0.port)" }.joined(separator: " ")
    }
}
