import SIPGrammar
import Testing

@Suite("The name of a header field")
struct SIPHeaderNameTests {
    @Test(arguments: [
        ("a", SIPHeaderName.acceptContact), ("b", .referredBy), ("c", .contentType),
        ("d", .requestDisposition),
        ("e", .contentEncoding), ("f", .from), ("i", .callID), ("j", .rejectContact), ("k", .supported),
        ("l", .contentLength), ("m", .contact), ("n", .identityInfo), ("o", .event), ("r", .referTo),
        ("s", .subject),
        ("t", .to), ("u", .allowEvents), ("v", .via), ("x", .sessionExpires), ("y", .identity),
    ])
    func `may be compact`(letter: String, name: SIPHeaderName) {
        #expect(SIPHeaderName(letter) == name)
        #expect(SIPHeaderName(letter.uppercased()) == name)
        #expect(name.text.utf8.count > 1)
    }

    @Test(arguments: [
        ("MaX-fOrWaRdS", SIPHeaderName.maxForwards, "Max-Forwards"), ("call-id", .callID, "Call-ID"),
        ("CSEQ", .cSeq, "CSeq"), ("www-authenticate", .wwwAuthenticate, "WWW-Authenticate"),
        ("p-charging-function-addresses", .pChargingFunctionAddresses, "P-Charging-Function-Addresses"),
        ("sip-etag", .sipETag, "SIP-ETag"),
        ("p-asserted-identity", .pAssertedIdentity, "P-Asserted-Identity"),
    ])
    func `is found in any case and printed in one`(text: String, name: SIPHeaderName, canonical: String) {
        #expect(SIPHeaderName(text) == name)
        #expect(SIPHeaderName(text).hashValue == name.hashValue)
        #expect(SIPHeaderName(text).text == canonical)
    }

    @Test func `keeps its spelling where nobody registered it, and is compared all the same`() {
        #expect(SIPHeaderName("NewFangledHeader").text == "NewFangledHeader")
        #expect(SIPHeaderName("newfangledheader") == SIPHeaderName("NewFangledHeader"))
        #expect(Set([SIPHeaderName("X-a"), SIPHeaderName("x-A"), SIPHeaderName("X-b")]).count == 2)
        #expect(SIPHeaderName("Fro") != .from)
        #expect(SIPHeaderName("Froms") != .from)
        #expect(SIPHeaderName("z") != SIPHeaderName("v"))
    }

    @Test func `is not mistaken for another that differs in one bit`() {
        #expect(SIPHeaderName("C%6Fntact") != .contact)
        #expect(SIPHeaderName("X^") != SIPHeaderName("X~"))
    }

    @Test func `is always a token`() {
        #expect(SIPHeaderName("Evil: x\r\nVia").text == "Evil--x--Via")
        #expect(SIPHeaderName("").text == "-")
        #expect(SIPMethod("GET /\r\n").name == "GET----")
    }

    @Test func `tells methods apart by case`() {
        #expect(SIPMethod("INVITE") == .invite)
        #expect(SIPMethod("invite") != .invite)
        #expect(Set(SIPMethod.registered).count == 14)
    }
}
