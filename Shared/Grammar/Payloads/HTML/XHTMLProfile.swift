/// The elements and attributes that XEP-0071 section 7.8 recommends, and what becomes of the others.
enum XHTMLProfile {
    /// What an element of HTML is written as.
    enum Treatment: Hashable {
        /// An element of the profile that lies within a line.
        case inline(String, style: String? = nil)
        /// An element of the profile that makes lines of its own.
        case block(String)
        /// A heading: lines of its own, and strong.
        case heading
        case lineBreak
        case picture
        /// The element goes, its content stays in lines of its own.
        case lines
        /// The element goes, its content stays where it is and as it is spaced.
        case preformatted
        /// The element goes, its content stays.
        case transparent
    }

    static func treatment(of name: String) -> Treatment {
        switch name {
        case "a", "cite", "em", "span", "strong": .inline(name)
        case "b": .inline("strong")
        case "i", "var", "dfn", "address": .inline("em")
        case "u", "ins": .inline("span", style: "text-decoration: underline")
        case "s", "strike", "del": .inline("span", style: "text-decoration: line-through")
        case "code", "tt", "kbd", "samp": .inline("span", style: "font-family: monospace")
        case "font": .inline("span")
        case "blockquote", "li", "ol", "p", "ul": .block(name)
        case "h1", "h2", "h3", "h4", "h5", "h6": .heading
        case "br": .lineBreak
        case "img": .picture
        case "pre", "listing": .preformatted
        case "div", "center", "section", "article", "header", "footer", "main", "aside", "nav", "table", "tr",
            "dl",
            "dt", "dd", "hr", "form", "fieldset", "figure", "figcaption", "caption", "details", "summary":
            .lines
        default: .transparent
        }
    }

    /// What HTML never closes.
    static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
        "track", "wbr",
    ]

    /// The attributes that stay of an element of the profile, in the order they are written in.
    ///
    /// `read` gives the value of an attribute of the element by its name in lower case.
    static func attributes(
        of name: String,
        implying style: String? = nil,
        read: (String) -> String?
    ) -> [(name: String, value: String)] {
        var attributes: [(name: String, value: String)] = []
        if name == "a", let href = read("href").flatMap(LinkTarget.link) { attributes.append(("href", href)) }
        if name == "img" {
            guard let source = read("src").flatMap(LinkTarget.picture) else { return [] }
            attributes.append(("alt", read("alt") ?? ""))
            for side in ["height", "width"] {
                guard let value = read(side), value.utf8.count <= 5, Int(value).map({ $0 >= 0 }) == true
                else { continue }
                attributes.append((side, value))
            }
            attributes.append(("src", source))
        }
        let own =
            name == "em" || name == "strong" || name == "br"
            ? nil : read("style").flatMap(InlineStyle.sanitised)
        switch (style, own) {
        case (nil, nil): break
        case (let style?, nil): attributes.append(("style", style))
        case (nil, let own?): attributes.append(("style", own))
        case (let style?, let own?): attributes.append(("style", "\(style); \(own)"))
        }
        return attributes
    }

    /// The style that says what a font element said with its attributes.
    static func fontStyle(_ attributes: [String: String]) -> String? {
        var style: [String] = []
        if let color = attributes["color"] { style.append("color: \(color)") }
        if let face = attributes["face"] { style.append("font-family: \(face)") }
        let sizes = [
            "1": "x-small", "2": "small", "3": "medium", "4": "large", "5": "x-large", "6": "xx-large",
        ]
        if let size = attributes["size"].flatMap({ sizes[$0] }) { style.append("font-size: \(size)") }
        return InlineStyle.sanitised(style.joined(separator: "; "))
    }
}
