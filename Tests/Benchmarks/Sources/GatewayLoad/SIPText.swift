/// As much of SIP as answering takes, by looking at the lines.
enum SIPText {
    /// The status of a response, nil for a request.
    static func status(of octets: UnsafeRawBufferPointer) -> Int? {
        guard octets.count > 12, unsafe octets[3] == UInt8(ascii: "/"),
            unsafe octets[7] == UInt8(ascii: " ")
        else {
            return nil
        }
        return (8...10).reduce(0) { unsafe $0 * 10 + Int(octets[$1]) - 0x30 }
    }

    /// Writes the 200 to a request (RFC 3261 section 8.2.6): Via, From, To, Call-ID and CSeq as they came.
    static func writeOK(to request: UnsafeRawBufferPointer, into place: UnsafeMutableRawBufferPointer) -> Int
    {
        var length = 0
        func append(_ octets: some Collection<UInt8>) {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: place[length...])
            unsafe rest.copyBytes(from: octets)
            length += octets.count
        }
        append("SIP/2.0 200 OK\r\n".utf8)
        var start = 0
        while case let end = unsafe lineEnd(request, from: start), end > start {
            let line = unsafe UnsafeRawBufferPointer(rebasing: request[start..<end])
            switch unsafe header(line) {
            case .copied: unsafe append(line)
            case .to:
                unsafe append(line)
                append(";tag=load".utf8)
            case .other: break
            }
            if unsafe header(line) != .other { append("\r\n".utf8) }
            start = end + 2
        }
        append("Content-Length: 0\r\n\r\n".utf8)
        return length
    }

    private enum Header {
        case copied
        case to
        case other
    }

    private static func header(_ line: UnsafeRawBufferPointer) -> Header {
        guard let colon = unsafe line.firstIndex(of: UInt8(ascii: ":")) else { return .other }
        let first = unsafe line[0] | 0x20
        return switch (first, colon) {
        case (UInt8(ascii: "v"), 3), (UInt8(ascii: "f"), 4), (UInt8(ascii: "v"), 1), (UInt8(ascii: "f"), 1),
            (UInt8(ascii: "i"), 1):
            .copied
        // Call-ID, which is as long as Contact; then CSeq.
        case (UInt8(ascii: "c"), 7) where unsafe line[4] == UInt8(ascii: "-"): .copied
        case (UInt8(ascii: "c"), 4): .copied
        case (UInt8(ascii: "t"), 2), (UInt8(ascii: "t"), 1): .to
        default: .other
        }
    }

    private static func lineEnd(_ octets: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index + 1 < octets.count, unsafe octets[index] != UInt8(ascii: "\r") { index += 1 }
        return index
    }
}
