public import XMPPGrammar

/// A text that came as HTML, in the two forms that XMPP carries it in (XEP-0071; MAPPING 4.5).
public struct HTMLText: Hashable, Sendable {
    /// The text alone, with blocks in lines of their own.
    public let plain: String
    /// `<html xmlns='http://jabber.org/protocol/xhtml-im'/>` with one body that holds nothing but what XEP-0071
    /// recommends; nil when there is nothing in it, or more than the limits allow.
    public let xhtml: Element?

    /// How much markup is kept.
    ///
    /// Text is never cut: beyond a limit the markup goes and the text stays.
    public struct Limits: Hashable, Sendable {
        /// Elements within each other.
        public var depth: Int
        public var elements: Int
        /// Octets of the HTML; beyond this only the plain text is made.
        public var octets: Int

        public init(depth: Int = 32, elements: Int = 2048, octets: Int = 262_144) {
            self.depth = depth
            self.elements = elements
            self.octets = octets
        }
    }

    /// Reads HTML, however broken; scripts and styles go, links keep only schemes that are harmless.
    public init(_ html: String, limits: Limits = Limits()) {
        let html = XMLText.clean(html)
        var tokenizer = HTMLTokenizer(html)
        var builder = XHTMLBuilder(depth: limits.depth)
        while let token = tokenizer.next() { builder.take(token) }
        let (plain, body) = builder.finish()
        self.plain = plain
        let isKept =
            html.utf8.count <= limits.octets && builder.elementCount <= limits.elements && !plain.isEmpty
        xhtml = isKept ? Element("html", Namespace.xhtmlIM, children: [.element(body)]) : nil
    }

    /// Prints an XHTML-IM element as HTML for `multipart/alternative`, cut down to the same profile.
    ///
    /// Of several bodies the one in that language is taken, else the first; nil when there is none.
    public static func octets(of xhtml: Element, language: String? = nil) -> [UInt8]? {
        let bodies = xhtml.all("body", Namespace.xhtml)
        guard let body = bodies.first(where: { $0.language == language }) ?? bodies.first else { return nil }
        var writer = HTMLWriter()
        writer.write(body: body)
        return writer.octets
    }
}
