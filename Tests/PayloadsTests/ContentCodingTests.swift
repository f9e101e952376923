import Octets
import Payloads
import Testing

/// Compressed bodies; the data were made with zlib itself.
@Suite("Content codings")
struct ContentCodingTests {
    static let quotation = Array("But, soft! what light through yonder window breaks?".utf8)

    struct Row: Sendable, CustomTestStringConvertible {
        let coding: String
        let body: String
        let note: String
        var testDescription: String { "\(coding): \(note)" }
    }

    static let rows = [
        Row(coding: "gzip", body: gzip, note: "one member"),
        Row(coding: "X-GZIP", body: gzip, note: "the old name"),
        Row(coding: "gzip", body: named, note: "with a file name"),
        Row(
            coding: "deflate",
            body: "eNpzKi3RUSjOTytRVCjPSCxRyMlMzyhRKMkoyi9Nz1CozM9LSS1SKM/MS8kvV0gqSk3MLrYHANu+EsI=",
            note: "zlib"
        ),
        Row(
            coding: "deflate",
            body: "cyot0VEozk8rUVQoz0gsUcjJTM8oUSjJKMovTc9QqMzPS0ktUijPzEvJL1dIKkpNzC62BwA=",
            note: "without the zlib envelope"
        ),
        Row(coding: "deflate", body: stored, note: "stored"),
        Row(
            coding: "identity, deflate",
            body: "eNpzKi3RUSjOTytRVCjPSCxRyMlMzyhRKMkoyi9Nz1CozM9LSS1SKM/MS8kvV0gqSk3MLrYHANu+EsI=",
            note: "two codings"
        ),
        Row(coding: "deflate, gzip", body: twice, note: "one in the other"),
    ]

    @Test(arguments: rows)
    func `a body is decompressed`(_ row: Row) throws {
        let octets = try #require(Base64.decode(row.body))
        #expect(try ContentCoding.decode(octets, coding: row.coding) == Self.quotation)
    }

    @Test func `members follow each other`() throws {
        let octets = try #require(Base64.decode(Self.gzip))
        #expect(try ContentCoding.decode(octets + octets, coding: "gzip") == Self.quotation + Self.quotation)
    }

    @Test func `copies may reach far back and overlap`() throws {
        let octets = try #require(Base64.decode(Self.repeated))
        let expected = String(repeating: "Deny thy father and refuse thy name; ", count: 12)
        #expect(
            String(decoding: try ContentCoding.decode(octets, coding: "deflate"), as: UTF8.self) == expected
        )
        let zeros = try #require(Base64.decode("eNpjYBgFo2AUDHcAAAPoAAE="))
        #expect(try ContentCoding.decode(zeros, coding: "deflate") == Array(repeating: 0, count: 1000))
    }

    @Test func `a block may bring its own codes`() throws {
        let alphabet = Array("abcdefgh \n".utf8)
        var state: UInt32 = 7
        let expected = (0..<2000).map { _ in
            state = (state &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF
            return alphabet[Int(state >> 16) % 10]
        }
        let octets = try #require(Base64.decode(Self.dynamic))
        #expect(try ContentCoding.decode(octets, coding: "deflate") == expected)
    }

    @Test func `an empty list of codings changes nothing`() throws {
        #expect(try ContentCoding.decode(Self.quotation, coding: "") == Self.quotation)
        #expect(try ContentCoding.decode(Self.quotation, coding: "identity") == Self.quotation)
    }

    @Test(arguments: ["br", "compress", "zstd", "gzip, br", "gzip,gzip,gzip,gzip,gzip"])
    func `other codings are not supported`(_ coding: String) throws {
        let octets = try #require(Base64.decode(Self.gzip))
        #expect(throws: ContentCoding.Failure.unsupported) {
            try ContentCoding.decode(octets, coding: coding)
        }
    }

    @Test func `a bomb does not go off`() throws {
        // 20,000 zeros in 39 octets.
        let bomb = try #require(Base64.decode(Self.bomb))
        #expect(throws: ContentCoding.Failure.tooLarge) { try ContentCoding.decode(bomb, coding: "deflate") }
        let octets = try #require(Base64.decode(Self.gzip))
        #expect(throws: ContentCoding.Failure.tooLarge) {
            try ContentCoding.decode(octets, coding: "gzip", limits: ContentCoding.Limits(ceiling: 50))
        }
    }

    @Test func `a changed octet anywhere is noticed, or changes nothing`() throws {
        let octets = try #require(Base64.decode(Self.gzip))
        for index in octets.indices {
            var changed = octets
            changed[index] ^= 0x55
            guard let content = try? ContentCoding.decode(changed, coding: "gzip") else { continue }
            // What the header says of time and system is nobody's concern.
            #expect(content == Self.quotation && (4..<10).contains(index), "octet \(index)")
        }
    }

    @Test(arguments: ["gzip", "deflate"])
    func `a body that is cut short is malformed`(_ coding: String) throws {
        let octets = try #require(Base64.decode(coding == "gzip" ? Self.gzip : Self.dynamic))
        for count in stride(from: 0, to: octets.count, by: 7) {
            #expect(throws: ContentCoding.Failure.malformed) {
                try ContentCoding.decode(Array(octets[..<count]), coding: coding)
            }
        }
    }

    static let gzip = """
        H4sIAAAAAAAC/3MqLdFRKM5PK1FUKM9ILFHIyUzPKFEoySjKL03PUKjMz0tJLVIoz8xLyS9XSCpKTcwutgcACMFoODMAAAA=
        """
    static let named = """
        H4sICAAAAAAC/2JhbGNvbnkudHh0AHMqLdFRKM5PK1FUKM9ILFHIyUzPKFEoySjKL03PUKjMz0tJLVIoz8xLyS9XSCpKTcwutgcA\
        CMFoODMAAAA=
        """
    static let stored = """
        eAEBMwDM/0J1dCwgc29mdCEgd2hhdCBsaWdodCB0aHJvdWdoIHlvbmRlciB3aW5kb3cgYnJlYWtzP9u+EsI=
        """
    static let twice = """
        H4sIAAAAAAACAwE7AMT/eNpzKi3RUSjOTytRVCjPSCxRyMlMzyhRKMkoyi9Nz1CozM9LSS1SKM/MS8kvV0gqSk3MLrYHANu+EsIE\
        LOFGOwAAAA==
        """
    static let repeated = "eNpzSc2rVCjJqFRISyzJSC1SSMxLUShKTSstTgWL5iXmploruIwqGoyKAK8Jnh0="
    static let bomb = "eNrtwTEBAAAAwqD1T20ND6AAAAAAAAAAAAAAAAAAAAAAAAAAeDBOIAAB"
    static let dynamic = """
        eNodlcm15VAIA/dEQWoMF8g/Apfciz7/ebiAKMlv/eW8mO6OZ8WfUWeez/pFh4ff1PNxn93l0llza4cbL9+7Xe93UW8i3vXcLBfL\
        Xnba9b31DQuz9jjPq4mX51Ec42v5ZtM6JjnvOOSaa7lb3Wtl2ZEW+9b8WVouh8zQDhc8YjluOIfm9Zf53vPjUu4x0sReLJ1UV3Iw\
        F9rpipk3arpq16bai4ZvKM+xVOu6jWASxJh53tfpqIMI1px8m48BeOR22nYo6Zxzve1dPe/1K1ph1KMg/d1d8mKjLX9FUcYeqkQt\
        xahwz3h1cvsNr3azgt1kK5uXGf08h9k4vq/OS+I//nlvcoZdGIodWr+sqaFomI8upv5AJTTacQ11WWhqnWePmqzouSRCfBsLlHq1\
        8dyM++6UpocpRgCHsNpj5EPGGWrX43W2S3t+kt6RUF3baO0hfizT+c2TIMQKkdl3p4ItLmJZiY50Frn/on0BEgJhh3IuRdOhALk0\
        Nx2xgzQbVBc+LNmnXxvF6JybALXHjg8CwDj4RYeoRotiPisnq6hW3qgEnCKVrlrI01Ks5sEW/t72qSXx68HYx1K5A98e+bRAdgfE\
        xQRTxiNpxUJbdEA6yLLzCUYE81hQZCVjDMaBdNl0Q+eYC7IoJh/w/HjShzBg8+M4lIUZwxv6ezG/wSmyAvsdU/L44xyMgrXRoPZX\
        CSYZErSy2Lvzg9k5g/v0k8kvYHKBnHIUkPH24ayQV9npiGBz1gdgREXiErAt53B2y7GhtNilz5T1IJQn2R0gkR+ezM3iMQhvyju4\
        igpmwKPkQd+G9AHX0KoRXBHEHBj6VwxYhDDlFDOcwG/AXR0uOZ9ig9XjVXBBo+LQwxR1rJkaXTCOh8wEsIKu5EZkiB9uUgyf4Cgk\
        iwqppmR7OEQIeqZSgu10/evj2TdwkAqmFpgaNwfcaYaynPlPY608oJPEK38IqLOlXZRPAZSC7zAsIYg/aL4ZecXpsXpxSSUXFSBC\
        CMnyJA65M4ap3IkzgKIlNgWBmlLxrt0ZIlKsUI1B6RTNSUPchwQgzPaUc6B1XGKryXbRVfbFWOwd8wBoc9b9GJJSYEMnbujuTMqY\
        KAmCGBveIxfPO31IVRg6vaKIdyxLzKAqwoEjqRpsAVT4/8TKGRKWWOMuLwA6+ozwJubFtHKarnle5CM74stoJO2osRTNDEfhTOiA\
        V0yvsngrfhKJG/AYfQhYjNf86aXvhpOlShXcxTIVF6aheAjnkDqQo1kYK9kJxhbHqfpCgOskC5sGbyT4aeRzZCQuWU6EE3e/z8in\
        IuR5mlkwJkmpLxKUATomlJOhED78/yTwnUQzennKd7ZH6utbyOVZJecHkSqZeg==
        """
}
