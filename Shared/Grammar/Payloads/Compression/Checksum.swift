/// The checksums of gzip (RFC 1952 section 8) and zlib (RFC 1950 section 8.2).
enum Checksum {
    static func crc32(_ octets: [UInt8]) -> UInt32 {
        ~octets.reduce(0xFFFF_FFFF) { crc, octet in
            crcTable[Int(UInt8(truncatingIfNeeded: crc) ^ octet)] ^ crc >> 8
        }
    }

    static func adler32(_ octets: [UInt8]) -> UInt32 {
        var low: UInt32 = 1
        var high: UInt32 = 0
        for octet in octets {
            low = (low + UInt32(octet)) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }

    private static let crcTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
    }
}
