import SIPGrammar
import Testing

/// What fuzzing found wrong, each with its reason.
@Suite("A fault that fuzzing found")
struct FuzzFindingTests {
    /// RFC 3261 section 25.1: neither `qdtext` nor `quoted-pair` has CR or LF; printed they became spaces.
    @Test(arguments: ["\n", "\r", "\r\n", "\\\n", "\\\r"])
    func `is a line end in a quoted string`(lineEnd: String) {
        #expect(SIPNameAddress("\"a\(lineEnd)b\" <sip:a@b>") == nil)
        #expect(SIPNameAddress("<sip:a@b>;x=\"a\(lineEnd)b\"") == nil)
    }
}
