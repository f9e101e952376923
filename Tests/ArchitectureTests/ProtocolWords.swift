/// Names of one protocol that the code of the other may not hold: they meet in the gateway's folders alone.
enum ProtocolWords {
    static let rules: [WordRule] =
        [
            "Grammar/SIPGrammar", "Grammar/SDP", "Grammar/MSRPGrammar", "Machines/SIPTransactions",
            "Machines/SIPDialogs",
        ]
        .map { WordRule("Shared/\($0)", "names the other side", xmppName) }
        + ["Machines/MSRPSessions", "Runtime/SIPTransport", "Runtime/MSRPTransport"]
        .map { WordRule("Shared/\($0)", "names the other side", xmppName) }
        + ["Grammar/XMPPGrammar", "Grammar/Jingle", "Machines/XMPPStreams", "Machines/JingleSessions"]
        .map { WordRule("Shared/\($0)", "names the other side", sipName) } + [
            WordRule("Shared/Runtime/XMPPTransport", "names the other side", sipName),
            WordRule("Services/SIPEdge", "names the other side", xmppName),
            WordRule("Services/XMPPEdge", "names the other side", sipName),
        ]

    /// An identifier that begins with the name of something of XMPP.
    @Sendable static func xmppName(_ line: Substring) -> String? {
        identifiers(line).first { startsWord($0, ["XMPP", "JID", "Jingle", "Stanza", "xmppEdge"]) }
    }

    /// An identifier that begins with the name of something of SIP.
    @Sendable static func sipName(_ line: Substring) -> String? {
        identifiers(line).first { startsWord($0, ["SIP", "MSRP", "SDP", "sipEdge"]) }
    }

    /// Whether a name is one of those, or goes on with a capital or digit: `SIPURI`, `SIPEdge`, not `SIPped`.
    private static func startsWord(_ name: String, _ prefixes: [String]) -> Bool {
        prefixes.contains { prefix in
            guard name.hasPrefix(prefix) else { return false }
            let rest = name.dropFirst(prefix.count)
            guard let next = rest.first else { return true }
            return next.isUppercase || next == "_" || next.isNumber
        }
    }

    private static func identifiers(_ line: Substring) -> [String] {
        line.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
    }
}
