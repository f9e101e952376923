import Octets
import Testing

@Suite("Octets spelt as text")
struct EncodingTests {
    /// RFC 4648 section 10; base 32 in small letters and without its padding.
    @Test(arguments: [
        ("", "", "", ""),
        ("f", "Zg==", "my", "66"),
        ("fo", "Zm8=", "mzxq", "666f"),
        ("foo", "Zm9v", "mzxw6", "666f6f"),
        ("foob", "Zm9vYg==", "mzxw6yq", "666f6f62"),
        ("fooba", "Zm9vYmE=", "mzxw6ytb", "666f6f6261"),
        ("foobar", "Zm9vYmFy", "mzxw6ytboi", "666f6f626172"),
    ])
    func `agrees with the vectors of RFC 4648`(text: String, base64: String, base32: String, hex: String) {
        let octets = Array(text.utf8)
        #expect(Base64.encode(octets) == base64)
        #expect(Base64.decode(base64) == octets)
        #expect(Base32.encode(octets) == base32)
        #expect(Hex.encode(octets) == hex)
        #expect(Hex.decode(hex) == octets)
    }

    @Test func `spells every octet`() {
        let octets = Array(UInt8.min...UInt8.max)
        #expect(Base64.decode(Base64.encode(octets)) == octets)
        #expect(Hex.decode(Hex.encode(octets)) == octets)
        #expect(Hex.decode("FFfe") == [255, 254])
    }

    @Test(arguments: ["Zg", "Zg=", "Zg===", "Z===", "Zh==", "Zm9=", "Z!==", "Zg==Zg==", " Zg=", "Zm9v\n"])
    func `refuses what is not base 64`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: ["0", "0g", "0x", " 0", "é"])
    func `refuses what is not hexadecimal`(text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
