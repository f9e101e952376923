internal import CXMLStream
internal import XMPPGrammar

/// The flat events of `CXMLStream.h`, read one at a time.
///
/// What does not fit the header is a fault of our own and traps on the bounds of the span; that text is UTF-8 is the
/// peer's business, and checked here.
enum XMLEvent {
    static func read(
        _ octets: Span<UInt8>,
        at index: inout Int,
        through assembler: inout StreamAssembler
    ) throws(XMLStreamError) -> StreamEvent? {
        let kind = octets[index]
        index += 1
        switch causeway_xml_event(UInt32(kind)) {
        case CAUSEWAY_XML_OPEN:
            return try open(octets, at: &index, through: &assembler)
        case CAUSEWAY_XML_TEXT:
            assembler.text(try string(octets, at: &index))
            return nil
        case CAUSEWAY_XML_CLOSE:
            return assembler.close()
        default:
            preconditionFailure("CXMLStream wrote an event of kind \(kind)")
        }
    }

    private static func open(
        _ octets: Span<UInt8>,
        at index: inout Int,
        through assembler: inout StreamAssembler
    ) throws(XMLStreamError) -> StreamEvent? {
        let declarationCount = number(octets, at: &index, octets: 2)
        let attributeCount = number(octets, at: &index, octets: 2)
        let name = try string(octets, at: &index)
        let namespace = try string(octets, at: &index)
        var declarations: [NamespaceDeclaration] = []
        declarations.reserveCapacity(declarationCount)
        for _ in 0..<declarationCount {
            let prefix = try string(octets, at: &index)
            let namespace = try string(octets, at: &index)
            declarations.append(NamespaceDeclaration(prefix: prefix, namespace: namespace))
        }
        var attributes: [Attribute] = []
        attributes.reserveCapacity(attributeCount)
        for _ in 0..<attributeCount {
            let name = try string(octets, at: &index)
            let namespace = try string(octets, at: &index)
            let value = try string(octets, at: &index)
            attributes.append(Attribute(name: name, namespace: namespace, value: value))
        }
        return assembler.open(name, namespace, attributes: attributes, declarations: declarations)
    }

    private static func string(_ octets: Span<UInt8>, at index: inout Int) throws(XMLStreamError) -> String {
        let count = number(octets, at: &index, octets: 4)
        let range = index..<(index + count)
        index += count
        do {
            return String(copying: try UTF8Span(validating: octets.extracting(range)))
        } catch {
            throw XMLStreamError(.notWellFormed)
        }
    }

    /// A number of the machine's byte order, which is little-endian wherever the project runs.
    private static func number(_ octets: Span<UInt8>, at index: inout Int, octets count: Int) -> Int {
        var number = 0
        for position in 0..<count { number |= Int(octets[index + position]) << (8 * position) }
        index += count
        return number
    }
}
