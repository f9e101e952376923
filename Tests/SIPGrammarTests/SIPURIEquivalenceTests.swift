import SIPGrammar
import Testing

/// The examples of RFC 3261 section 19.1.4 and of RFC 4475 section 3.1.1.3.
@Suite("The equivalence of SIP URIs")
struct SIPURIEquivalenceTests {
    @Test(arguments: [
        ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
        ("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"),
        (
            "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
            "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"
        ),
        (
            "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
            "sip:alice@atlanta.com?priority=urgent&subject=project%20x"
        ),
        ("sip:a@[2001:db8::1]", "sip:a@[2001:0DB8:0:0::0001]"),
    ])
    func `holds both ways`(one: String, other: String) throws {
        #expect(try SIPURI.parse(one).isEquivalent(to: SIPURI.parse(other)))
        #expect(try SIPURI.parse(other).isEquivalent(to: SIPURI.parse(one)))
    }

    @Test(arguments: [
        ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
        ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
        ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"),
        ("sip:bob@biloxi.com", "sips:bob@biloxi.com"),
        ("sip:bob@biloxi.com", "sip:biloxi.com"),
        ("sip:bob:x@biloxi.com", "sip:bob@biloxi.com"),
        ("sip:a%2Fb@h", "sip:a/b@h"),
        ("sip:a@h;x=v%2541", "sip:a@h;x=vA"),
        ("sip:a@h;maddr=1.2.3.4", "sip:a@h"),
        ("sip:a@h;user=phone", "sip:a@h"),
    ])
    func `does not hold, either way`(one: String, other: String) throws {
        #expect(try !SIPURI.parse(one).isEquivalent(to: SIPURI.parse(other)))
        #expect(try !SIPURI.parse(other).isEquivalent(to: SIPURI.parse(one)))
    }

    @Test func `knows escaped parameter names`() throws {
        let contact = try SIPURI.parse("sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31")
        #expect(try contact.isEquivalent(to: SIPURI.parse("sip:caller@host5.example.net;lr;name=value%2541")))
        #expect(try !contact.isEquivalent(to: SIPURI.parse("sip:caller@host5.example.net;lr;name=valueA")))
    }
}
