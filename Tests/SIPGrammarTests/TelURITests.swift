import SIPGrammar
import Testing

@Suite("A telephone number")
struct TelURITests {
    private func tel(_ text: String) -> TelURI? {
        guard case .tel(let uri) = SIPRequestURI(text) else { return nil }
        return uri
    }

    @Test func `has digits and visual separators`() {
        let uri = tel("tel:+1-(201)-555.0123;ext=5")
        #expect(uri?.isGlobal == true)
        #expect(uri?.digits == "+12015550123")
        #expect(uri?.parameters.value("ext") == "5")
        #expect(uri?.description == "tel:+1-(201)-555.0123;ext=5")
    }

    @Test func `may be local`() {
        let uri = tel("tel:*21#;phone-context=example.com")
        #expect(uri?.isGlobal == false)
        #expect(uri?.digits == "*21#")
    }

    @Test(arguments: [
        "tel:", "tel:+", "tel:-", "tel:1+2", "tel:++1", "tel:x", "tel:1 2", "tel:1;", "tel:1@h",
    ])
    func `is refused where there is none`(text: String) {
        #expect(SIPRequestURI(text) == nil)
    }
}
