import Octets

/// Steps through a broken header section, passing over lines that are no header fields.
struct SalvageReader {
    private var reader: FieldReader
    private let limits: SIPLimits

    init(_ octets: Span<UInt8>, from start: Int, limits: SIPLimits) {
        reader = FieldReader(at: start)
        self.limits = limits
    }

    /// The first word of the start line, if the line names SIP behind it; nil for a response.
    mutating func method(_ octets: Span<UInt8>) -> SIPMethod? {
        guard let line = try? reader.startLine(octets, limits: limits) else { return nil }
        var scanner = Scanner(line)
        guard let name = try? scanner.text(Grammar.token, octets), scanner.take(ASCII.space, octets) else {
            return nil
        }
        let rest = octets.extracting(scanner.at..<line.upperBound)
        return Self.contains(rest, "SIP/") ? SIPMethod(parsed: name) : nil
    }

    /// Steps over the first line, whatever it is.
    mutating func skipLine(_ octets: Span<UInt8>) {
        guard let next = Self.nextLine(octets, from: reader.at) else { return }
        reader = FieldReader(at: next)
    }

    /// The next header field that has a name, a colon and no control characters; nil at the end of the section.
    mutating func next(_ octets: Span<UInt8>) -> FieldReader.Found? {
        while reader.count < limits.fields {
            let start = reader.at
            do throws(SIPSyntaxError) {
                return try reader.next(octets, limits: limits)
            } catch {
                guard let next = Self.nextLine(octets, from: start) else { return nil }
                reader = FieldReader(at: next, count: reader.count + 1)
            }
        }
        return nil
    }

    private static func nextLine(_ octets: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < octets.count {
            if octets[index] == ASCII.lineFeed, index + 1 < octets.count { return index + 1 }
            index += 1
        }
        return nil
    }

    private static func contains(_ octets: Span<UInt8>, _ text: String) -> Bool {
        let needle = text.utf8.span
        guard octets.count >= needle.count else { return false }
        for start in 0...octets.count - needle.count
        where ASCII.equalIgnoringCase(octets.extracting(start..<start + needle.count), needle) {
            return true
        }
        return false
    }
}
