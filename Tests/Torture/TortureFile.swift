import Foundation
import SIPGrammar
import Testing

/// One message of the bit-exact archives of RFC 4475 and RFC 5118.
struct TortureFile: Sendable, CustomTestStringConvertible {
    enum Verdict: Hashable, Sendable {
        /// Every header field of it can be read.
        case accepted
        /// It is a request, and this is what answers it.
        case refused(Int, String)
        /// It is wrong, and nothing may or can answer it.
        case dropped
    }

    /// The path of the file without its ending: `rfc4475/wsinv`.
    var name: String
    var verdict: Verdict

    init(_ name: String, _ verdict: Verdict) {
        self.name = name
        self.verdict = verdict
    }

    var testDescription: String { name }

    func octets() throws -> [UInt8] { try TortureFile.octets(name) }

    static func octets(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Bundle.module.bundleURL.appending(path: "\(name).dat")))
    }

    static func request(_ name: String) throws -> SIPRequest {
        guard case .request(let request) = try SIPMessage.parse(octets(name)) else { throw Other() }
        return request
    }

    static func response(_ name: String) throws -> SIPResponse {
        guard case .response(let response) = try SIPMessage.parse(octets(name)) else { throw Other() }
        return response
    }

    /// The message is not of the kind that the test is about.
    struct Other: Error {}
}

extension TortureFile {
    /// What a user agent by RFC 4475 does with each file, as far as grammar decides it.
    static let rfc4475: [TortureFile] = [
        // 3.1.1 Valid messages.
        TortureFile("rfc4475/wsinv", .accepted), TortureFile("rfc4475/intmeth", .accepted),
        TortureFile("rfc4475/esc01", .accepted), TortureFile("rfc4475/escnull", .accepted),
        TortureFile("rfc4475/esc02", .accepted), TortureFile("rfc4475/lwsdisp", .accepted),
        TortureFile("rfc4475/longreq", .accepted), TortureFile("rfc4475/dblreq", .accepted),
        TortureFile("rfc4475/semiuri", .accepted), TortureFile("rfc4475/transports", .accepted),
        TortureFile("rfc4475/mpart01", .accepted), TortureFile("rfc4475/unreason", .accepted),
        TortureFile("rfc4475/noreason", .accepted),
        // 3.1.2 Invalid messages.
        TortureFile("rfc4475/badinv01", .refused(400, "Bad Via Header")),
        TortureFile("rfc4475/clerr", .refused(400, "Bad Content-Length Header")),
        TortureFile("rfc4475/ncl", .refused(400, "Bad Content-Length Header")),
        TortureFile("rfc4475/scalar02", .refused(400, "Bad CSeq Header")),
        TortureFile("rfc4475/scalarlg", .dropped),
        TortureFile("rfc4475/quotbal", .refused(400, "Bad To Header")),
        TortureFile("rfc4475/ltgtruri", .refused(400, "Bad Request-URI")),
        TortureFile("rfc4475/lwsruri", .refused(400, "Bad Request Line")),
        TortureFile("rfc4475/lwsstart", .refused(400, "Bad Request Line")),
        // White space at the end of the request line is harmless and seen in the field.
        TortureFile("rfc4475/trws", .accepted),
        TortureFile("rfc4475/escruri", .refused(400, "Bad Request-URI")),
        // Nobody here needs Date, so that its time zone is no reason to refuse.
        TortureFile("rfc4475/baddate", .accepted),
        TortureFile("rfc4475/regbadct", .refused(400, "Bad Contact Header")),
        TortureFile("rfc4475/badaspec", .refused(400, "Bad To Header")),
        // The file has no blank line; the display name is tested apart.
        TortureFile("rfc4475/baddn", .refused(400, "Bad Request")),
        TortureFile("rfc4475/badvers", .refused(505, "Version Not Supported")),
        TortureFile("rfc4475/mismatch01", .refused(400, "CSeq Does Not Match Method")),
        TortureFile("rfc4475/mismatch02", .refused(400, "CSeq Does Not Match Method")),
        TortureFile("rfc4475/bigcode", .dropped),
        // 3.2 to 3.4: well-formed where transactions and applications decide.
        TortureFile("rfc4475/badbranch", .accepted),
        TortureFile("rfc4475/insuf", .refused(400, "Missing From Header")),
        TortureFile("rfc4475/unkscm", .accepted), TortureFile("rfc4475/novelsc", .accepted),
        TortureFile("rfc4475/unksm2", .accepted), TortureFile("rfc4475/bext01", .accepted),
        TortureFile("rfc4475/invut", .accepted), TortureFile("rfc4475/regaut01", .accepted),
        TortureFile("rfc4475/multi01", .refused(400, "Repeated From Header")),
        TortureFile("rfc4475/mcl01", .refused(400, "Repeated Content-Length Header")),
        TortureFile("rfc4475/bcast", .accepted), TortureFile("rfc4475/zeromf", .accepted),
        TortureFile("rfc4475/cparam01", .accepted), TortureFile("rfc4475/cparam02", .accepted),
        TortureFile("rfc4475/regescrt", .accepted), TortureFile("rfc4475/sdp01", .accepted),
        TortureFile("rfc4475/inv2543", .accepted),
        // In the archive, but not in the text: no SIP-Version, no Via, a line without a colon.
        TortureFile("rfc4475/test", .dropped),
    ]

    /// RFC 5118, with the archive's bare line feeds made line ends and Content-Length made true.
    static let rfc5118: [TortureFile] = [
        TortureFile("rfc5118/ipv6-good", .accepted),
        TortureFile("rfc5118/ipv6-bad", .refused(400, "Bad Request-URI")),
        TortureFile("rfc5118/port-ambiguous", .accepted), TortureFile("rfc5118/port-unambiguous", .accepted),
        TortureFile("rfc5118/via-received-param-with-delim", .accepted),
        TortureFile("rfc5118/via-received-param-no-delim", .accepted),
        TortureFile("rfc5118/ipv6-in-sdp", .accepted), TortureFile("rfc5118/mult-ip-in-header", .accepted),
        TortureFile("rfc5118/mult-ip-in-sdp", .accepted), TortureFile("rfc5118/ipv4-mapped-ipv6", .accepted),
        TortureFile("rfc5118/ipv6-bug-abnf-3-colons", .accepted),
        TortureFile("rfc5118/ipv6-correct-abnf-2-colons", .accepted),
    ]
}
