import Testing
import XMPPGrammar

@Suite
struct ElementTests {
    private let message = Element(
        "message",
        Namespace.client,
        attributes: [
            Attribute(name: "to", value: "romeo@example.net"),
            Attribute(name: "lang", namespace: Namespace.xml, value: "en"),
            Attribute(name: "lang", value: "not the language"),
        ],
        children: [
            .text("\n  "),
            .element(Element("body", Namespace.client, text: "Hark")),
            .element(Element("body", "urn:example", text: "other")),
            .element(Element("active", Namespace.chatStates)),
            .text("\n"),
        ]
    )

    @Test
    func `an attribute without a namespace is read by its name`() {
        #expect(message["to"] == "romeo@example.net")
        #expect(message["lang"] == "not the language")
        #expect(message["from"] == nil)
    }

    @Test
    func `the language is the attribute of the xml namespace`() {
        var message = message
        #expect(message.language == "en")
        message.language = "it"
        #expect(message.attributes[1].value == "it")
        message.language = nil
        #expect(message.language == nil)
        #expect(message["lang"] == "not the language")
    }

    @Test
    func `setting an attribute replaces it in its place, adds it last, or removes it`() {
        var message = message
        message["to"] = "juliet@example.com"
        message["id"] = "a1"
        message["lang"] = nil
        message["none"] = nil
        #expect(
            message.attributes == [
                Attribute(name: "to", value: "juliet@example.com"),
                Attribute(name: "lang", namespace: Namespace.xml, value: "en"),
                Attribute(name: "id", value: "a1"),
            ]
        )
    }

    @Test
    func `children are found by name, and by namespace when one is given`() {
        #expect(message.first("body")?.text == "Hark")
        #expect(message.first("body", "urn:example")?.text == "other")
        #expect(message.first("body", "urn:none") == nil)
        #expect(message.all("body").map(\.text) == ["Hark", "other"])
        #expect(message.all("body", Namespace.client).count == 1)
        #expect(message.contains("active"))
        #expect(!message.contains("active", Namespace.client))
        #expect(message.elements.map(\.name) == ["body", "body", "active"])
    }

    @Test
    func `text is what stands directly in the element`() {
        #expect(message.text == "\n  \n")
        #expect(Element("a", "").text.isEmpty)
        #expect(Element("a", "", text: "x").text == "x")
        #expect(Element("a", "", text: "").children.isEmpty)
    }

    @Test
    func `text added to text is one text`() {
        var element = Element("body", Namespace.client)
        element.append(text: "a")
        element.append(text: "")
        element.append(text: "b")
        element.append(Element("br", Namespace.xhtml))
        element.append(text: "c")
        #expect(
            element.children == [.text("ab"), .element(Element("br", Namespace.xhtml)), .text("c")]
        )
    }

    @Test
    func `children are removed by name, and text stays`() {
        var message = message
        message.removeAll("body", "urn:example")
        #expect(message.all("body").map(\.text) == ["Hark"])
        message.removeAll("body")
        #expect(message.elements.map(\.name) == ["active"])
        #expect(message.text == "\n  \n")
    }

    @Test
    func `a namespace is put for another all the way down`() {
        let moved = message.moved(from: Namespace.client, to: Namespace.server)
        #expect(moved.namespace == Namespace.server)
        #expect(moved.elements.map(\.namespace) == [Namespace.server, "urn:example", Namespace.chatStates])
        #expect(moved.moved(from: Namespace.server, to: Namespace.client) == message)
    }
}
