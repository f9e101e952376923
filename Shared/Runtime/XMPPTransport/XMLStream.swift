internal import CXMLStream
internal import XMPPGrammar

/// A `causeway_xml_stream`, owned.
@safe final class XMLStream {
    private let pointer: OpaquePointer

    /// Nil when there is no memory.
    init?(limits: XMLStreamLimits) {
        let limits = causeway_xml_limits(
            header_octets: limits.header,
            element_octets: limits.element,
            depth: UInt32(clamping: limits.depth),
            attributes: UInt32(clamping: limits.attributes),
            namespaces: UInt32(clamping: limits.namespaces),
            name_octets: UInt32(clamping: limits.name)
        )
        guard let pointer = unsafe causeway_xml_stream_create(limits) else { return nil }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe causeway_xml_stream_destroy(pointer)
    }

    var held: Int { unsafe causeway_xml_stream_held(pointer) }

    func feed(_ octets: Span<UInt8>) -> XMLStreamError.Reason? {
        let fault = unsafe octets.withUnsafeBufferPointer { octets in
            unsafe causeway_xml_stream_feed(pointer, octets.baseAddress, octets.count)
        }
        return Self.reason(fault)
    }

    /// Reads the events of the last feed.
    func read(
        into events: inout [StreamEvent],
        through assembler: inout StreamAssembler
    ) throws(XMLStreamError) {
        var count = 0
        guard let start = unsafe causeway_xml_stream_events(pointer, &count), count > 0 else { return }
        // Valid until the next feed, and nothing below feeds.
        let octets = unsafe UnsafeBufferPointer(start: start, count: count)
        var index = 0
        while index < count {
            if let event = try XMLEvent.read(unsafe octets.span, at: &index, through: &assembler) {
                events.append(event)
            }
        }
    }

    private static func reason(_ fault: causeway_xml_fault) -> XMLStreamError.Reason? {
        switch fault {
        case CAUSEWAY_XML_NO_FAULT: nil
        case CAUSEWAY_XML_RESTRICTED: .restrictedXML
        case CAUSEWAY_XML_TEXT_BETWEEN_ELEMENTS: .textBetweenElements
        case CAUSEWAY_XML_UNSUPPORTED_ENCODING: .unsupportedEncoding
        case CAUSEWAY_XML_HEADER_TOO_LARGE: .headerTooLarge
        case CAUSEWAY_XML_ELEMENT_TOO_LARGE: .elementTooLarge
        case CAUSEWAY_XML_TOO_DEEP: .tooDeep
        case CAUSEWAY_XML_TOO_MANY_ATTRIBUTES: .tooManyAttributes
        case CAUSEWAY_XML_TOO_MANY_NAMESPACES: .tooManyNamespaces
        case CAUSEWAY_XML_NAME_TOO_LONG: .nameTooLong
        case CAUSEWAY_XML_OUT_OF_MEMORY: .outOfMemory
        default: .notWellFormed
        }
    }
}
