import Testing
import XMPPGrammar
import XMPPTransport

@Suite
struct StreamFaultTests {
    @Test(
        arguments: [
            // document types, comments, processing instructions, entities
            ("<!DOCTYPE x>", .restrictedXML), ("<!", nil), ("<!D", .restrictedXML), ("<!--", .restrictedXML),
            ("<iq><!-- x --></iq>", .restrictedXML), ("<?php", .restrictedXML),
            ("<iq><?x y?></iq>", .restrictedXML),
            ("<iq>&nbsp;</iq>", .restrictedXML), ("<iq a='&x;'/>", .restrictedXML),
            ("<iq>&looooooooong", .restrictedXML),
            ("<?xml version='1.0'?>", .restrictedXML),
            // well-formedness
            ("</iq>", .notWellFormed), ("<iq></message>", .notWellFormed), ("<iq></IQ>", .notWellFormed),
            ("<iq", nil), ("<iq a></iq>", .notWellFormed), ("<iq a=b/>", .notWellFormed),
            ("<iq a='1' a='2'/>", .notWellFormed),
            ("<iq a='1'b='2'/>", .notWellFormed), ("<iq a='<'/>", .notWellFormed), ("<1/>", .notWellFormed),
            ("<iq>]]></iq>", .notWellFormed), ("<iq>&</iq>", .notWellFormed), ("<iq>&;</iq>", .notWellFormed),
            ("<iq>&#0;</iq>", .notWellFormed), ("<iq>&#xD800;</iq>", .notWellFormed),
            ("<iq>&#x110000;</iq>", .notWellFormed),
            ("<iq>&#;</iq>", .notWellFormed), ("<iq>&#x;</iq>", .notWellFormed),
            ("<iq>&a b;", .notWellFormed),
            ("<iq>\u{0}", .notWellFormed), ("<iq>\u{7}", .notWellFormed), ("<iq a='\u{1B}", .notWellFormed),
            ("<iq\u{0}", .notWellFormed), ("<iq>\u{FFFE}</iq>", .notWellFormed), ("\u{0}", .notWellFormed),
            ("<>", .notWellFormed), ("< iq/>", .notWellFormed), ("<<", .notWellFormed),
            ("<iq <", .notWellFormed),
            ("</stream:stream x='", .notWellFormed), ("</stream>", .notWellFormed),
            ("<iq><![CDATA[\u{0}", .notWellFormed),
            // namespaces
            ("<message><foo:body/></message>", .notWellFormed), ("<foo:iq/>", .notWellFormed),
            ("<iq foo:a='1'/>", .notWellFormed), ("<a:b:c xmlns:a='urn:a'/>", .notWellFormed),
            ("<iq xmlns:a='urn:a' xmlns:b='urn:a' a:x='1' b:x='2'/>", .notWellFormed),
            ("<iq xmlns:a=''/>", .notWellFormed), ("<iq xmlns:xml='urn:x'/>", .notWellFormed),
            ("<iq xmlns:xmlns='urn:x'/>", .notWellFormed),
            ("<iq xmlns='http://www.w3.org/2000/xmlns/'/>", .notWellFormed),
            // text where elements are
            ("x", .textBetweenElements), (" x", .textBetweenElements),
            ("<![CDATA[ ]]>", .textBetweenElements),
            ("&#32;", .textBetweenElements), ("\u{A0}", .textBetweenElements),
        ] as [(String, XMLStreamError.Reason?)]
    )
    func `what XMPP forbids ends the stream at once`(_ text: String, _ reason: XMLStreamError.Reason?) {
        for piece in [1, 5, .max] {
            #expect(Streams.readOpen(text, piece: piece) == Streams.Outcome(events: [], error: reason))
        }
    }

    @Test(
        arguments: [
            ("<!DOCTYPE stream [<!ENTITY a 'x'>]>", .restrictedXML), ("<!--x--><a/>", .restrictedXML),
            ("<?xsl?>", .restrictedXML), ("<?xmlx version='1.0'?>", .restrictedXML),
            ("<?xml?>", .restrictedXML),
            ("<?>", .restrictedXML), ("<?xml version='1.0'?><?xml version='1.0'?>", .restrictedXML),
            ("<?xml version='2.0'?>", .notWellFormed), ("<?xml version='1.'?>", .notWellFormed),
            ("<?xml encoding='UTF-8'?>", .notWellFormed), ("<?xml version='1.0' x='y'?>", .notWellFormed),
            ("<?xml version='1.0'encoding='UTF-8'?>", .notWellFormed),
            ("<?xml version='1.0\" ?>", .notWellFormed),
            ("<?xml version='1.0' standalone='perhaps'?>", .notWellFormed),
            ("<?xml version='1.0' encoding='\(String(repeating: "x", count: 40))'?>", .notWellFormed),
            ("<?xml version='1.0' encoding='ISO-8859-1'?>", .unsupportedEncoding),
            ("<?xml version='1.0' encoding='UTF-16'?>", .unsupportedEncoding),
            ("<?xml version='1.0' encoding='utf-7'?>", .unsupportedEncoding),
            ("\u{0}<\u{0}a", .unsupportedEncoding), ("<\u{0}a\u{0}", .unsupportedEncoding),
            ("\u{FEFF}<a/>", .notWellFormed), ("x", .notWellFormed), ("</a>", .notWellFormed),
            ("<![CDATA[x]]>", .notWellFormed), ("GET / HTTP/1.1\r\n\r\n", .notWellFormed),
            ("\u{16}\u{3}\u{1}", .notWellFormed), ("<stream:stream>", .notWellFormed),
        ] as [(String, XMLStreamError.Reason)]
    )
    func `what opens no XML stream of UTF-8 is refused`(_ text: String, _ reason: XMLStreamError.Reason) {
        for piece in [1, 5, .max] {
            #expect(Streams.read(text, piece: piece) == Streams.Outcome(events: [], error: reason))
        }
    }

    @Test(arguments: [[0xFF, 0xFE, 0x3C, 0], [0xFE, 0xFF, 0, 0x3C]] as [[UInt8]])
    func `a byte order mark of UTF-16 is an encoding that is not supported`(_ octets: [UInt8]) {
        #expect(Streams.read(octets) == Streams.Outcome(error: .unsupportedEncoding))
    }

    @Test(
        arguments: [
            [0x80], [0xC3], [0xC3, 0x28], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF],
            [0xFE],
            [0xE2, 0x82], [0xF0, 0x9F, 0x8C],
        ] as [[UInt8]]
    )
    func `octets that are no UTF-8 are refused in text and in values`(_ octets: [UInt8]) {
        for (before, after) in [
            ("<iq>", "</iq>"), ("<iq a='", "'/>"), ("<iq>long enough to be plain ", " text</iq>"),
        ] {
            let bad = Array((Streams.opening + before).utf8) + octets + Array(after.utf8)
            for piece in [1, .max] {
                let outcome = Streams.read(bad, piece: piece)
                #expect(outcome == Streams.Outcome(events: [.opened(Streams.header)], error: .notWellFormed))
            }
        }
    }

    @Test
    func `what was whole before the fault is told`() {
        let iq = StreamEvent.element(Element("iq", Namespace.client))
        for piece in [1, .max] {
            let outcome = Streams.readOpen("<iq/><iq/><presence><!-- -->", piece: piece)
            #expect(outcome == Streams.Outcome(events: [iq, iq], error: .restrictedXML))
        }
    }

    @Test(arguments: XMLStreamError.Reason.allCases)
    func `every reason has a condition to close the stream with`(_ reason: XMLStreamError.Reason) {
        let expected: StreamErrorCondition =
            switch reason {
            case .notWellFormed: .notWellFormed
            case .restrictedXML: .restrictedXML
            case .textBetweenElements: .badFormat
            case .unsupportedEncoding: .unsupportedEncoding
            case .headerTooLarge, .elementTooLarge, .tooDeep, .tooManyAttributes, .tooManyNamespaces,
                .nameTooLong:
                .policyViolation
            case .outOfMemory: .resourceConstraint
            }
        #expect(XMLStreamError(reason).condition == expected)
        #expect(XMLStreamError(reason).streamError.text == reason.rawValue)
        let names = XMLStreamError(reason).streamError.application.map(\.name)
        #expect(names == (reason == .elementTooLarge ? "stanza-too-big" : nil))
    }
}
