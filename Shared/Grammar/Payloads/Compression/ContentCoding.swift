/// The codings of a Content-Encoding field (RFC 9110 section 8.4.1), undone.
public enum ContentCoding {
    /// Why a body could not be read.
    public enum Failure: Error, Hashable, Sendable {
        /// Not one of ``accepted``.
        case unsupported
        case malformed
        /// The content is larger than the limits allow: a bomb, or as good as one.
        case tooLarge
    }

    /// What may come of a body: never more than ``ceiling``, and no more than ``ratio`` times what came.
    public struct Limits: Hashable, Sendable {
        public var ratio: Int
        public var ceiling: Int
        /// So much may come of any body, however small: what a datagram carries is no bomb.
        public var floor: Int

        public init(ratio: Int = 10, ceiling: Int = 1 << 20, floor: Int = 1300) {
            self.ratio = ratio
            self.ceiling = ceiling
            self.floor = floor
        }

        func most(of count: Int) -> Int {
            let (product, isOver) = max(count, 0).multipliedReportingOverflow(by: max(ratio, 0))
            return min(max(isOver ? ceiling : product, floor), ceiling)
        }
    }

    /// What an Accept-Encoding field may name.
    public static let accepted = ["gzip", "deflate"]

    /// Undoes the codings that a Content-Encoding value lists, the last one first.
    public static func decode(
        _ octets: [UInt8],
        coding: String,
        limits: Limits = Limits()
    ) throws(Failure) -> [UInt8] {
        let codings = coding.lowercased().split(separator: ",", omittingEmptySubsequences: true)
        guard codings.count <= 4 else { throw .unsupported }
        let most = limits.most(of: octets.count)
        var result = octets
        for coding in codings.reversed() {
            switch coding.filter({ $0 != " " && $0 != "\t" }) {
            case "identity", "": break
            case "gzip", "x-gzip": result = try gzip(result, most: most)
            case "deflate": result = try deflate(result, most: most)
            default: throw .unsupported
            }
        }
        return result
    }

    /// One or more members, each with a header, a checksum and a length (RFC 1952).
    private static func gzip(_ octets: [UInt8], most: Int) throws(Failure) -> [UInt8] {
        var result: [UInt8] = []
        var start = 0
        repeat {
            let body = try gzipBody(octets, from: start)
            var inflate = Inflate(octets, from: body, most: most - result.count)
            let content = try inflate.run()
            let trailer = inflate.end
            guard trailer + 8 <= octets.count, word(octets, at: trailer) == Checksum.crc32(content),
                word(octets, at: trailer + 4) == UInt32(truncatingIfNeeded: content.count)
            else { throw .malformed }
            result += content
            start = trailer + 8
        } while start < octets.count
        return result
    }

    /// Where the compressed data of a member begins (RFC 1952 section 2.3).
    private static func gzipBody(_ octets: [UInt8], from start: Int) throws(Failure) -> Int {
        guard start + 10 <= octets.count, octets[start] == 0x1F, octets[start + 1] == 0x8B,
            octets[start + 2] == 8
        else { throw .malformed }
        let flags = octets[start + 3]
        var position = start + 10
        if flags & 4 != 0 {
            guard position + 2 <= octets.count else { throw .malformed }
            position += 2 + Int(octets[position]) + Int(octets[position + 1]) << 8
        }
        // FNAME and FCOMMENT, each ended by zero.
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard position < octets.count, let zero = octets[position...].firstIndex(of: 0) else {
                throw .malformed
            }
            position = zero + 1
        }
        if flags & 2 != 0 { position += 2 }
        guard position < octets.count else { throw .malformed }
        return position
    }

    /// The zlib format (RFC 1950), which is what HTTP and SIP mean by `deflate`.
    private static func deflate(_ octets: [UInt8], most: Int) throws(Failure) -> [UInt8] {
        guard octets.count >= 2, octets[0] & 0x0F == 8,
            (Int(octets[0]) << 8 | Int(octets[1])).isMultiple(of: 31),
            octets[1] & 0x20 == 0
        else {
            // COMPAT: Microsoft's early HTTP stacks and what was built on them: send RFC 1951 data without the envelope.
            var inflate = Inflate(octets, from: 0, most: most)
            return try inflate.run()
        }
        var inflate = Inflate(octets, from: 2, most: most)
        let content = try inflate.run()
        guard inflate.end + 4 <= octets.count, bigWord(octets, at: inflate.end) == Checksum.adler32(content)
        else {
            throw .malformed
        }
        return content
    }

    private static func word(_ octets: [UInt8], at start: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(octets[start + $1]) << UInt32($1 * 8) }
    }

    private static func bigWord(_ octets: [UInt8], at start: Int) -> UInt32 {
        octets[start..<(start + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
