internal import CXMLStream
package import XMPPGrammar

/// Reads one XML stream from its octets as they come: what ``StreamAssembler`` makes of what libxml2 says.
///
/// It belongs to one connection and is used on its event loop alone. Not thread-safe.
package final class XMLStreamParser {
    private let limits: XMLStreamLimits
    private var stream: XMLStream?
    private var assembler = StreamAssembler()

    package init(limits: XMLStreamLimits = XMLStreamLimits()) {
        self.limits = limits
        stream = XMLStream(limits: limits)
    }

    /// Reads octets and adds what they say to the events.
    ///
    /// When it throws, the events have what was said before the fault, and everything fed later throws the same.
    /// Octets after `</stream:stream>` are ignored.
    package func feed(_ octets: Span<UInt8>, into events: inout [StreamEvent]) throws(XMLStreamError) {
        guard let stream else { throw XMLStreamError(.outOfMemory) }
        let fault = stream.feed(octets)
        try stream.read(into: &events, through: &assembler)
        if let fault { throw XMLStreamError(fault) }
    }

    /// Reads octets; says what they say.
    ///
    /// What was said before a fault in the same octets is lost with the throw: see ``feed(_:into:)``.
    package func feed(_ octets: [UInt8]) throws(XMLStreamError) -> [StreamEvent] {
        var events: [StreamEvent] = []
        try feed(octets.span, into: &events)
        return events
    }

    /// Begins anew, for the stream that follows TLS or authentication (RFC 6120 section 4.3.3).
    package func reset() {
        stream = XMLStream(limits: limits)
        assembler = StreamAssembler()
    }

    /// How many octets of memory are held, for what has not been said yet and for names.
    package var held: Int { stream?.held ?? 0 }
}
