import Foundation
import SIPGrammar
import Testing

/// SIP values in a state that is stored: as the text that the wire would have.
struct SIPCodingTests {
    private static func again<Value: Codable>(_ value: Value) throws -> Value {
        try JSONDecoder().decode(Value.self, from: try JSONEncoder().encode(value))
    }

    @Test(arguments: [
        "sip:alice@a.example;transport=tcp?Subject=Hi%20there", "sips:[2001:db8::1]:5061", "tel:+49301234",
        "urn:service:sos",
    ])
    func `a URI is read as it was stored`(text: String) throws {
        let uri = try #require(SIPRequestURI(text))
        #expect(try Self.again(uri) == uri)
    }

    @Test(arguments: ["<sip:a@b>;tag=1", "\"A \\\" B\" <sip:a@b;lr>;x=\"y z\"", "Grün <sip:g@b>"])
    func `an address is read as it was stored`(text: String) throws {
        let address = try #require(SIPNameAddress(text))
        #expect(try Self.again(address) == address)
    }

    @Test func `a request and a response are read as they were stored`() throws {
        let headers: SIPHeaders = [
            .via: "SIP/2.0/UDP h;branch=z9hG4bK1", .subject: "", "X-Odd": "a: b", .subject: "é",
        ]
        let uri = try #require(SIPRequestURI("sip:a@b"))
        let request = SIPRequest(SIPMethod("FROB"), uri, headers: headers, body: [0, 255, 10])
        #expect(try Self.again(request) == request)
        let response = SIPResponse(299, reason: "Ja: gut", headers: headers, body: [])
        #expect(try Self.again(response) == response)
    }

    @Test func `what is no address is an error, not a trap`() {
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(SIPNameAddress.self, from: Data("\"<\"".utf8))
        }
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(SIPRequestURI.self, from: Data("\"nothing\"".utf8))
        }
    }
}
