import Octets

/// The parameters of a URI or of a header field, in their order (RFC 3261 section 25.1 `uri-parameters`, `generic-param`).
///
/// Names are compared without regard to case; of a name that comes twice the first counts.
public struct SIPParameters: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    public private(set) var elements: [SIPParameter]

    public init(_ elements: [SIPParameter] = []) {
        self.elements = elements
    }

    public init(dictionaryLiteral elements: (String, String?)...) {
        self.elements = elements.map { SIPParameter($0.0, $0.1) }
    }

    public var isEmpty: Bool { elements.isEmpty }

    /// The raw value; nil if the parameter is absent or a flag.
    public func value(_ name: String) -> String? { first(name)?.value }

    /// The value as text, a quoted string without its quotes and escapes; nil if the parameter is absent or a flag.
    public func text(_ name: String) -> String? {
        guard let value = value(name) else { return nil }
        guard Quoting.isQuoted(value) else { return value }
        let octets = value.utf8.span
        return Quoting.text(of: octets, 0..<octets.count)
    }

    public func contains(_ name: String) -> Bool { first(name) != nil }

    /// Puts a parameter in the place of the first of its name, or last; without a value it is a flag.
    public mutating func set(_ name: String, _ value: String? = nil) {
        let parameter = SIPParameter(name, value)
        guard let index = elements.firstIndex(where: { ASCII.equalIgnoringCase($0.name, name) }) else {
            elements.append(parameter)
            return
        }
        elements[index] = parameter
    }

    /// Puts a text, which is quoted where it must be.
    public mutating func set(_ name: String, text: String) {
        set(name, Grammar.consists(text, of: Grammar.value) ? text : Quoting.quoted(text))
    }

    /// Takes out every parameter of a name.
    public mutating func remove(_ name: String) {
        elements.removeAll { ASCII.equalIgnoringCase($0.name, name) }
    }

    private func first(_ name: String) -> SIPParameter? {
        for element in elements where ASCII.equalIgnoringCase(element.name, name) { return element }
        return nil
    }
}

extension SIPParameters {
    /// The parameters behind a header field's value: `;name=value`, with white space where RFC 3261 lets it be.
    static func parse(_ octets: Span<UInt8>, _ scanner: inout Scanner) throws(SIPSyntaxError) -> SIPParameters
    {
        var elements: [SIPParameter] = []
        while scanner.takeSeparator(UInt8(ascii: ";"), octets) {
            elements.append(try parameter(octets, &scanner))
        }
        return SIPParameters(elements)
    }

    /// One `name`, `name=value` or `name="value"`.
    static func parameter(
        _ octets: Span<UInt8>,
        _ scanner: inout Scanner
    ) throws(SIPSyntaxError) -> SIPParameter {
        let name = try scanner.text(Grammar.token, octets)
        guard scanner.takeSeparator(UInt8(ascii: "="), octets) else { return SIPParameter(name) }
        guard scanner.peek(octets) == ASCII.quote else {
            return SIPParameter(name, try scanner.text(Grammar.value, octets))
        }
        let range = try scanner.quotedString(octets)
        return SIPParameter(name, String(repairing: octets.extracting(range)))
    }

    /// The parameters of a URI, which have no white space and no quotes, but escapes.
    static func parseURI(
        _ octets: Span<UInt8>,
        _ scanner: inout Scanner
    ) throws(SIPSyntaxError) -> SIPParameters {
        var elements: [SIPParameter] = []
        while scanner.take(UInt8(ascii: ";"), octets) {
            let name = try scanner.escapedText(Grammar.uriParameterName, octets)
            guard scanner.take(UInt8(ascii: "="), octets) else {
                elements.append(SIPParameter(name))
                continue
            }
            elements.append(SIPParameter(name, try scanner.escapedText(Grammar.uriParameter, octets)))
        }
        return SIPParameters(elements)
    }

    /// Writes the parameters as a header field has them, quoting a value that could not be read back.
    func write(into octets: inout [UInt8]) {
        for element in elements {
            octets.append(UInt8(ascii: ";"))
            element.write(into: &octets)
        }
    }

    /// Writes the parameters as a URI has them, percent-encoding what it cannot hold.
    func writeURI(into octets: inout [UInt8]) {
        for element in elements {
            octets.append(UInt8(ascii: ";"))
            Grammar.write(element.name, keeping: Grammar.uriParameterName, into: &octets)
            guard let value = element.value else { continue }
            octets.append(UInt8(ascii: "="))
            Grammar.write(value, keeping: Grammar.uriParameter, into: &octets)
        }
    }
}

extension SIPParameter {
    func write(into octets: inout [UInt8]) {
        octets.append(text: Grammar.token(of: name))
        guard let value else { return }
        octets.append(UInt8(ascii: "="))
        if Grammar.consists(value, of: Grammar.value) || Quoting.isQuoted(value) {
            octets.append(text: value)
        } else {
            Quoting.write(value, into: &octets)
        }
    }
}
