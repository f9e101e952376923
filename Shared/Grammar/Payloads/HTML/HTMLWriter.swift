import XMPPGrammar

/// Prints XHTML-IM as HTML that any browser engine reads the same way.
struct HTMLWriter {
    private(set) var octets: [UInt8] = []

    /// Deeper elements give only their text.
    private static let depth = 64

    /// Prints a body with the wrapper that HTML wants.
    mutating func write(body: Element) {
        put("<html>")
        write(body, depth: 0)
        put("</html>")
    }

    private mutating func write(_ element: Element, depth: Int) {
        guard element.namespace == Namespace.xhtml, depth < Self.depth, let form = Self.form(of: element)
        else {
            writeChildren(of: element, depth: depth + 1)
            return
        }
        let attributes = XHTMLProfile.attributes(of: form.name, implying: form.style) { element[$0] }
        if form.name == "img", attributes.isEmpty {
            put(escaping: element["alt"] ?? "")
            return
        }
        put("<\(form.name)")
        for (name, value) in attributes {
            put(" \(name)=\"")
            put(escaping: value)
            put("\"")
        }
        put(">")
        // HTML has no empty-element tags: <br> stands alone, everything else is closed.
        guard !XHTMLProfile.void.contains(form.name) else { return }
        writeChildren(of: element, depth: depth + 1)
        put("</\(form.name)>")
    }

    private mutating func writeChildren(of element: Element, depth: Int) {
        // What the stream's parser cannot let in cannot come here either; this bounds the recursion all the same.
        guard depth < Self.depth * 2 else { return }
        for child in element.children {
            switch child {
            case .text(let text): put(escaping: text)
            case .element(let child): write(child, depth: depth)
            }
        }
    }

    /// What an element is written as; nil when only its content is.
    private static func form(of element: Element) -> (name: String, style: String?)? {
        if element.name == "body" { return ("body", nil) }
        switch XHTMLProfile.treatment(of: element.name) {
        case .inline(let name, let style): return (name, style)
        case .block(let name): return (name, nil)
        case .heading: return (element.name, nil)
        case .lineBreak: return ("br", nil)
        case .picture: return ("img", nil)
        case .lines: return XHTMLProfile.void.contains(element.name) ? ("br", nil) : ("div", nil)
        case .preformatted: return ("pre", nil)
        case .transparent: return nil
        }
    }

    private mutating func put(_ text: String) {
        octets += Array(text.utf8)
    }

    private mutating func put(escaping text: String) {
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: "&"): put("&amp;")
            case UInt8(ascii: "<"): put("&lt;")
            case UInt8(ascii: ">"): put("&gt;")
            case UInt8(ascii: "\""): put("&quot;")
            default: octets.append(octet)
            }
        }
    }
}
