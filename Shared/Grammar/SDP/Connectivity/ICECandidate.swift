import Octets

/// A way to reach a peer:
/// `a=candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998` (RFC 8839 section 5.1).
public struct ICECandidate: SDPAttributeValue {
    /// 1 to 32 characters; the same for candidates of one origin.
    public var foundation: String
    /// 1 for RTP, 2 for RTCP.
    public var component: UInt16
    /// `UDP` or `TCP`, in capitals.
    public var transport: String
    public var priority: UInt32
    public var address: SDPAddress
    public var port: UInt16
    public var kind: ICECandidateKind
    /// Where the candidate was seen from, for those that are not of the host itself.
    public var relatedAddress: SDPAddress?
    public var relatedPort: UInt16?
    /// Pairs of name and value, as `tcptype active` or `generation 0`.
    public var extensions: [Extension]

    public init(
        foundation: String,
        component: UInt16,
        transport: String = "UDP",
        priority: UInt32,
        address: SDPAddress,
        port: UInt16,
        kind: ICECandidateKind,
        relatedAddress: SDPAddress? = nil,
        relatedPort: UInt16? = nil,
        extensions: [Extension] = []
    ) {
        self.foundation = foundation
        self.component = component
        self.transport = ASCII.uppercased(transport)
        self.priority = priority
        self.address = address
        self.port = port
        self.kind = kind
        self.relatedAddress = relatedAddress
        self.relatedPort = relatedPort
        self.extensions = extensions
    }

    /// What an RFC or a peer has added: a name and a value.
    public struct Extension: Hashable, Sendable {
        public var name: String
        /// Nil if the line ends before it.
        public var value: String?

        public init(_ name: String, _ value: String?) {
            self.name = name
            self.value = value
        }
    }

    /// The value of an extension, whose name has no case.
    public func value(of name: String) -> String? {
        extensions.first { ASCII.equalIgnoringCase($0.name, name) }?.value
    }

    public static let attribute = SDPAttributeName.candidate

    public init?(parsing text: String) {
        let octets = text.utf8.span
        var cursor = Cursor(octets)
        guard let foundation = cursor.word(of: SDPGrammar.ice, octets), foundation.utf8.count <= 32,
            let component = cursor.number(1...UInt16(256), octets),
            let transport = cursor.word(of: SDPGrammar.token, octets),
            let priority = cursor.number(1...UInt32(Int32.max), octets),
            let place = cursor.wordRange(octets), let port = cursor.number(0...UInt16.max, octets)
        else { return nil }
        cursor.skipBlanks(octets)
        guard cursor.take(keyword: "typ", octets), cursor.isAtBreak(octets),
            let kind = cursor.word(of: SDPGrammar.token, octets)
        else { return nil }
        self.init(
            foundation: foundation,
            component: component,
            transport: transport,
            priority: priority,
            address: SDPAddress(octets.extracting(place)),
            port: port,
            kind: ICECandidateKind(kind)
        )
        guard address.isInternet, readPairs(octets, &cursor) else { return nil }
    }

    /// The related address and port, and the extensions.
    private mutating func readPairs(_ octets: Span<UInt8>, _ cursor: inout Cursor) -> Bool {
        while let name = cursor.word(octets) {
            // COMPAT: an extension's value may be empty by the grammar, so that the last may lack it.
            let value = cursor.word(octets)
            if ASCII.equalIgnoringCase(name, "raddr"), relatedAddress == nil, extensions.isEmpty {
                guard let value else { return false }
                relatedAddress = SDPAddress(value)
            } else if ASCII.equalIgnoringCase(name, "rport"), relatedPort == nil, extensions.isEmpty {
                guard let value, let port = ASCII.decimal(value.utf8.span, limit: 65_535) else {
                    return false
                }
                relatedPort = UInt16(port)
            } else {
                extensions.append(Extension(name, value))
            }
        }
        return true
    }

    public var description: String {
        var words = [
            "\(foundation)", "\(component)", transport, "\(priority)", address.description, "\(port)",
        ]
        words += ["typ", kind.text]
        if let relatedAddress { words += ["raddr", relatedAddress.description] }
        if let relatedPort { words += ["rport", "\(relatedPort)"] }
        for pair in extensions {
            words.append(pair.name)
            if let value = pair.value { words.append(value) }
        }
        return words.joined(separator: " ")
    }
}
