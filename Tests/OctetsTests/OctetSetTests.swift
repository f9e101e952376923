import Octets
import Testing

@Suite("A set of octets")
struct OctetSetTests {
    private func members(_ set: OctetSet) -> [UInt8] { (UInt8.min...UInt8.max).filter { set.contains($0) } }

    @Test func `holds what was put in and nothing else`() {
        #expect(members(OctetSet("@az")) == [0x40, 0x61, 0x7A])
        #expect(members(OctetSet(0x3E...0x41)) == [0x3E, 0x3F, 0x40, 0x41])
        #expect(members(OctetSet(0xFE...0xFF)) == [0xFE, 0xFF])
        #expect(members(OctetSet()).isEmpty)
    }

    @Test func `is joined with and freed of others`() {
        let vowels = OctetSet("aeiou")
        #expect(members(vowels.union(OctetSet("y"))) == Array("aeiouy".utf8))
        #expect(members(vowels.subtracting(OctetSet("eo"))) == Array("aiu".utf8))
        #expect(vowels.union(OctetSet("a")) == vowels)
        #expect(vowels != OctetSet("aeio"))
    }

    @Test func `changes in place`() {
        var set = OctetSet("ab")
        set.insert(0xC8)
        set.remove(UInt8(ascii: "a"))
        #expect(members(set) == [UInt8(ascii: "b"), 0xC8])
    }

    @Test func `knows the classes of RFC 5234`() {
        #expect(members(.digit).count == 10)
        #expect(members(.alpha).count == 52)
        #expect(members(.hexadecimal).count == 22)
        #expect(members(.visible).count == 94)
        #expect(members(.control).count == 33)
    }
}
