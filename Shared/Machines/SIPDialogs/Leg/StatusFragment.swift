import SIPGrammar

/// The status line that a report has as its body (RFC 3515 section 2.4.5, RFC 3420).
struct StatusFragment: Hashable {
    let status: Int
    let reason: String

    init(_ status: Int, _ reason: String?) {
        self.status = min(max(status, 100), 699)
        self.reason = reason ?? SIPStatus.phrase(status)
    }

    /// Reads the first line of a `message/sipfrag`; nil if it is no status line.
    init?(_ body: [UInt8]) {
        let line = body.prefix(512).prefix { $0 != 0x0D && $0 != 0x0A }
        let parts = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0].elementsEqual("SIP/2.0".utf8), parts[1].count == 3,
            let status = Int(String(decoding: parts[1], as: UTF8.self)), (100...699).contains(status)
        else { return nil }
        self.status = status
        reason = parts.count == 3 ? String(decoding: parts[2], as: UTF8.self) : ""
    }

    var body: SessionBody {
        let octets = SIPResponse(status, reason: reason).octets
        let line = octets.prefix { $0 != 0x0D } + [0x0D, 0x0A]
        return SessionBody("message/sipfrag;version=2.0", Array(line))
    }
}
