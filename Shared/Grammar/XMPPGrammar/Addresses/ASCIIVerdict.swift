internal import Octets

/// What one look at the octets of a part says, which spares the usual address the Unicode tables.
enum ASCIIVerdict: Hashable {
    case asItIs
    case hasUpperCase
    case forbidden
    case notASCII

    init(_ octets: Span<UInt8>, forbidden: OctetSet) {
        var isUpper = false
        var isForbidden = false
        for index in octets.indices {
            let octet = octets[index]
            if octet >= 0x80 {
                self = .notASCII
                return
            }
            if octet &- 0x41 < 26 { isUpper = true }
            if forbidden.contains(octet) { isForbidden = true }
        }
        self = isForbidden ? .forbidden : isUpper ? .hasUpperCase : .asItIs
    }
}
