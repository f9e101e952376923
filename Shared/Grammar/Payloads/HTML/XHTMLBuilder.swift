import XMPPGrammar

/// Builds the XHTML-IM body and the plain text of a row of tokens.
struct XHTMLBuilder {
    /// An element that is open, and the HTML name that closes it.
    private struct Frame {
        let source: String
        var element: Element
        /// The element is not written: its children go to the one around it.
        let isTransparent: Bool
        /// It ends a line before and after itself.
        let isBlock: Bool
        let isPreformatted: Bool
    }

    private let depth: Int
    private var root = Element("body", Namespace.xhtml)
    private var frames: [Frame] = []
    /// Elements beyond the depth; they are counted so that their end tags close nothing else.
    private var overflow = 0
    private var plain = PlainTextBuilder()
    /// Characters of the innermost element that are not in it yet.
    private var pending = ""
    /// Whether white space was passed over and has to stand as one space before the next character.
    private var needsSpace = false
    /// Whether the last thing written was a space that stands for any white space after it too.
    private var endsInSpace = false
    /// Whether nothing was written since the last line began.
    private var isLineStart = true
    /// Whether a line has to end before the next character.
    private var needsBreak = false
    private(set) var elementCount = 0

    init(depth: Int) {
        self.depth = max(1, depth)
    }

    mutating func take(_ token: HTMLToken) {
        switch token {
        case .text(let text): characters(text)
        case .start(let name, let attributes): start(name, attributes)
        case .end(let name): end(name)
        }
    }

    /// The plain text and the body.
    mutating func finish() -> (plain: String, body: Element) {
        while !frames.isEmpty { closeInnermost() }
        flush()
        return (plain.finished(), root)
    }

    // MARK: Text

    private mutating func characters(_ text: String) {
        let isPreformatted = frames.contains { $0.isPreformatted }
        plain.append(text, preformatted: isPreformatted)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where isPreformatted: lineBreak()
            case "\r" where isPreformatted: break
            case " ", "\t", "\n", "\r", "\u{0C}":
                if isPreformatted { put(scalar) } else { needsSpace = !isLineStart && !endsInSpace }
            default: put(scalar)
            }
        }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        breakIfNeeded()
        if needsSpace { pending.unicodeScalars.append(" ") }
        pending.unicodeScalars.append(scalar)
        needsSpace = false
        endsInSpace = false
        isLineStart = false
    }

    /// Writes the break that an element which is not kept left behind.
    private mutating func breakIfNeeded() {
        guard needsBreak else { return }
        needsBreak = false
        needsSpace = false
        append(Element("br", Namespace.xhtml))
    }

    private mutating func lineBreak() {
        breakIfNeeded()
        append(Element("br", Namespace.xhtml))
        isLineStart = true
        needsSpace = false
    }

    /// An element that is not kept begins or ends a line here.
    private mutating func lineBoundary() {
        plain.blockBoundary()
        if !isLineStart { needsBreak = true }
        isLineStart = true
        needsSpace = false
    }

    // MARK: Elements

    private mutating func start(_ name: String, _ attributes: [String: String]) {
        let treatment = XHTMLProfile.treatment(of: name)
        switch treatment {
        case .lineBreak:
            plain.lineBreak()
            lineBreak()
        case .picture: picture(attributes)
        case .lines where XHTMLProfile.void.contains(name): lineBoundary()
        case .inline, .block, .heading, .lines, .preformatted, .transparent:
            guard !XHTMLProfile.void.contains(name) else { return }
            guard frames.count < depth else {
                overflow += 1
                return
            }
            open(name, treatment, attributes)
        }
    }

    private mutating func open(
        _ name: String,
        _ treatment: XHTMLProfile.Treatment,
        _ attributes: [String: String]
    ) {
        switch treatment {
        case .inline(let kept, let style):
            let style = name == "font" ? XHTMLProfile.fontStyle(attributes) : style
            push(name, kept, XHTMLProfile.attributes(of: kept, implying: style) { attributes[$0] })
        case .block(let kept):
            closeParagraph(before: kept)
            plain.blockBoundary()
            push(name, kept, XHTMLProfile.attributes(of: kept) { attributes[$0] }, isBlock: true)
        case .heading:
            closeParagraph(before: "p")
            lineBoundary()
            push(name, "strong", [], isBlock: true)
        case .lines, .preformatted:
            lineBoundary()
            push(name, nil, [], isBlock: true, isPreformatted: treatment == .preformatted)
        case .lineBreak, .picture, .transparent: push(name, nil, [])
        }
    }

    private mutating func push(
        _ source: String,
        _ kept: String?,
        _ attributes: [(name: String, value: String)],
        isBlock: Bool = false,
        isPreformatted: Bool = false
    ) {
        // A link that leads nowhere is no link.
        let isTransparent = kept == nil || (kept == "a" && !attributes.contains { $0.name == "href" })
        if !isTransparent { beginElement(isBlock: isBlock && kept != "strong") }
        var element = Element(kept ?? "span", Namespace.xhtml)
        for (name, value) in attributes { element[name] = value }
        if !isTransparent { elementCount += 1 }
        frames.append(
            Frame(
                source: source,
                element: element,
                isTransparent: isTransparent,
                isBlock: isBlock,
                isPreformatted: isPreformatted
            )
        )
    }

    /// Puts what is pending before the element: a break, and the space that stood there.
    private mutating func beginElement(isBlock: Bool) {
        if isBlock {
            needsBreak = false
            needsSpace = false
            isLineStart = true
        } else {
            breakIfNeeded()
            if needsSpace { pending.unicodeScalars.append(" ") }
            endsInSpace = endsInSpace || needsSpace
            needsSpace = false
        }
        flush()
    }

    private mutating func picture(_ attributes: [String: String]) {
        plain.append(attributes["alt"] ?? "", preformatted: false)
        let kept = XHTMLProfile.attributes(of: "img") { attributes[$0] }
        guard !kept.isEmpty else {
            characters(inXHTMLOnly: attributes["alt"] ?? "")
            return
        }
        beginElement(isBlock: false)
        var element = Element("img", Namespace.xhtml)
        for (name, value) in kept { element[name] = value }
        append(element)
        endsInSpace = false
        isLineStart = false
    }

    private mutating func characters(inXHTMLOnly text: String) {
        for scalar in text.unicodeScalars { put(scalar) }
    }

    private mutating func end(_ name: String) {
        if XHTMLProfile.void.contains(name) { return }
        guard overflow == 0 else {
            overflow -= 1
            return
        }
        guard let index = frames.lastIndex(where: { $0.source == name }) else { return }
        while frames.count > index { closeInnermost() }
    }

    /// A block ends the paragraph it would lie in, and an item the item before it, as HTML's optional end tags have it.
    private mutating func closeParagraph(before kept: String) {
        let closes: Set<String> = kept == "li" ? ["p", "li"] : ["p"]
        let walls: Set<String> = kept == "li" ? ["ol", "ul", "blockquote"] : ["blockquote", "li"]
        let range = (frames.lastIndex { walls.contains($0.source) }).map { $0 + 1 } ?? 0
        guard let index = frames[range...].firstIndex(where: { closes.contains($0.source) }) else { return }
        while frames.count > index { closeInnermost() }
    }

    private mutating func closeInnermost() {
        // What is pending in a transparent element belongs to the one around it, and waits for more.
        if frames.last?.isTransparent == false { flush() }
        guard let frame = frames.popLast() else { return }
        if !frame.isTransparent {
            let isEmptyLine = frame.isBlock && frame.element.children.isEmpty
            if !isEmptyLine { append(frame.element) }
        }
        guard frame.isBlock else { return }
        if frame.isTransparent || frame.element.name == "strong" {
            lineBoundary()
        } else {
            plain.blockBoundary()
            (isLineStart, needsBreak, needsSpace) = (true, false, false)
        }
    }

    // MARK: Where things go

    /// Puts pending characters into the innermost element that is written.
    private mutating func flush() {
        guard !pending.isEmpty else { return }
        let text = pending
        pending = ""
        if let index = innermost { frames[index].element.append(text: text) } else { root.append(text: text) }
    }

    private mutating func append(_ element: Element) {
        flush()
        if element.name == "br" { elementCount += 1 }
        if let index = innermost { frames[index].element.append(element) } else { root.append(element) }
    }

    private var innermost: Int? { frames.lastIndex { !$0.isTransparent } }
}
