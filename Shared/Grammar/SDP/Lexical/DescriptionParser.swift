import Octets

/// Reads a description line by line.
///
/// RFC 8866 section 5 gives the lines an order. Only what the order means is kept here: `v=` comes first, `r=` and `z=`
/// follow their `t=`, and an `m=` line begins what belongs to its medium.
// COMPAT: proxies that rewrite descriptions add lines at the end of a section, whatever their type.
struct DescriptionParser {
    private let limits: SDPLimits
    private var lines = LineReader()
    /// One bit for each letter that came since the session or the medium began.
    private var seen: UInt32 = 0
    private var origin: SDPOrigin?
    private var draft: SessionDescription

    init(_ octets: Span<UInt8>, limits: SDPLimits) throws(SDPSyntaxError) {
        guard octets.count <= limits.octets else { throw SDPSyntaxError(.tooLarge, line: 1) }
        self.limits = limits
        draft = SessionDescription(
            origin: SDPOrigin(sessionID: 0, sessionVersion: 0, address: .ipv4("0.0.0.0"))
        )
        draft.timings = []
    }

    mutating func session(_ octets: Span<UInt8>) throws(SDPSyntaxError) -> SessionDescription {
        try version(octets)
        while let line = try lines.next(octets) {
            guard lines.number <= limits.lines else { throw failure(.tooLarge) }
            do throws(SDPSyntaxError.Reason) {
                try take(line, octets)
            } catch {
                throw failure(error)
            }
        }
        guard let origin else { throw failure(.missingOrigin) }
        draft.origin = origin
        // COMPAT: RFC 8866 wants a t= line; SIP has no use for it, and some peers leave it out.
        if draft.timings.isEmpty { draft.timings = [SDPTiming()] }
        return draft
    }

    private func failure(_ reason: SDPSyntaxError.Reason) -> SDPSyntaxError {
        SDPSyntaxError(reason, line: max(1, lines.number))
    }

    private mutating func version(_ octets: Span<UInt8>) throws(SDPSyntaxError) {
        guard let line = try lines.next(octets) else { throw failure(.empty) }
        var cursor = Cursor(line.value)
        guard line.type == UInt8(ascii: "v"), cursor.number(0...UInt8(0), octets) != nil,
            cursor.isFinished(octets)
        else { throw failure(.version) }
    }

    private mutating func take(
        _ line: LineReader.Line,
        _ octets: Span<UInt8>
    ) throws(SDPSyntaxError.Reason) {
        let last = draft.media.count - 1
        switch line.type {
        case UInt8(ascii: "a"): takeAttribute(line, octets, last)
        case UInt8(ascii: "m"):
            guard draft.media.count < limits.media else { throw .tooLarge }
            draft.media.append(try MediaDescription(octets, line.value))
            seen = 0
        case UInt8(ascii: "c"): try takeConnection(line, octets, last)
        case UInt8(ascii: "b"): try takeBandwidth(line, octets, last)
        case UInt8(ascii: "i"), UInt8(ascii: "k"): try takeText(line, octets, last)
        case UInt8(ascii: "o"), UInt8(ascii: "s"), UInt8(ascii: "u"), UInt8(ascii: "e"), UInt8(ascii: "p"),
            UInt8(ascii: "t"), UInt8(ascii: "r"), UInt8(ascii: "z"), UInt8(ascii: "v"):
            guard last < 0 else { throw .misplaced }
            try takeOfSession(line, octets)
        default: takeOther(line, octets, last)
        }
    }

    /// The lines that only a session has.
    private mutating func takeOfSession(
        _ line: LineReader.Line,
        _ octets: Span<UInt8>
    ) throws(SDPSyntaxError.Reason) {
        switch line.type {
        case UInt8(ascii: "o"):
            try beSingle(line)
            guard let value = SDPOrigin(octets, line.value) else { throw .value }
            origin = value
        case UInt8(ascii: "s"):
            try beSingle(line)
            // COMPAT: RFC 8866 wants a name or a space here; many phones say nothing.
            draft.name = line.value.isEmpty ? "-" : text(line, octets)
        case UInt8(ascii: "u"):
            try beSingle(line)
            draft.uri = text(line, octets)
        case UInt8(ascii: "e"): draft.emails.append(text(line, octets))
        case UInt8(ascii: "p"): draft.phones.append(text(line, octets))
        case UInt8(ascii: "t"):
            guard let timing = SDPTiming(octets, line.value) else { throw .value }
            draft.timings.append(timing)
        case UInt8(ascii: "r"):
            guard !draft.timings.isEmpty else { throw .misplaced }
            guard let element = SDPRepeat(octets, line.value) else { throw .value }
            draft.timings[draft.timings.count - 1].repeats.append(element)
        case UInt8(ascii: "z"):
            guard !draft.timings.isEmpty else { throw .misplaced }
            guard let zones = SDPZoneAdjustment.list(octets, line.value) else { throw .value }
            draft.timings[draft.timings.count - 1].zones += zones
        default: throw .duplicate
        }
    }

    private mutating func takeAttribute(_ line: LineReader.Line, _ octets: Span<UInt8>, _ last: Int) {
        guard let attribute = SDPAttribute(octets, line.value) else { return takeOther(line, octets, last) }
        if last < 0 {
            draft.attributes.append(attribute)
        } else {
            draft.media[last].attributes.append(attribute)
        }
    }

    private mutating func takeConnection(
        _ line: LineReader.Line,
        _ octets: Span<UInt8>,
        _ last: Int
    ) throws(SDPSyntaxError.Reason) {
        guard let connection = SDPConnection(octets, line.value) else { throw .value }
        if last >= 0 {
            draft.media[last].connections.append(connection)
        } else {
            try beSingle(line)
            draft.connection = connection
        }
    }

    private mutating func takeBandwidth(
        _ line: LineReader.Line,
        _ octets: Span<UInt8>,
        _ last: Int
    ) throws(SDPSyntaxError.Reason) {
        guard let bandwidth = SDPBandwidth(octets, line.value) else { throw .value }
        if last < 0 {
            draft.bandwidths.append(bandwidth)
        } else {
            draft.media[last].bandwidths.append(bandwidth)
        }
    }

    /// `i=` or `k=`, which a session and each medium may have once.
    private mutating func takeText(
        _ line: LineReader.Line,
        _ octets: Span<UInt8>,
        _ last: Int
    ) throws(SDPSyntaxError.Reason) {
        try beSingle(line)
        let value = text(line, octets)
        switch (line.type == UInt8(ascii: "i"), last < 0) {
        case (true, true): draft.info = value
        case (true, false): draft.media[last].info = value
        case (false, true): draft.key = value
        case (false, false): draft.media[last].key = value
        }
    }

    private mutating func takeOther(_ line: LineReader.Line, _ octets: Span<UInt8>, _ last: Int) {
        let other = SDPLine(type: line.type, value: text(line, octets))
        if last < 0 { draft.otherLines.append(other) } else { draft.media[last].otherLines.append(other) }
    }

    /// Notes a line that its session or medium may have once.
    private mutating func beSingle(_ line: LineReader.Line) throws(SDPSyntaxError.Reason) {
        let bit: UInt32 = 1 << UInt32(line.type & 31)
        guard seen & bit == 0 else { throw .duplicate }
        seen |= bit
    }

    private func text(_ line: LineReader.Line, _ octets: Span<UInt8>) -> String {
        String(repairing: octets.extracting(line.value))
    }
}
