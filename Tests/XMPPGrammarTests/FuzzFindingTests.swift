import Testing
import XMPPGrammar

/// What fuzzing found wrong, each with its reason.
@Suite("A fault that fuzzing found")
struct FuzzFindingTests {
    /// Namespaces in XML 1.0 section 3: `xmlns` declares only where it has no prefix or is one.
    @Test func `is a lost attribute of that name in a namespace`() {
        let element = Element(
            "a",
            Namespace.client,
            attributes: [
                Attribute(name: "xmlns", namespace: "u:a", value: "kept"),
                Attribute(name: "xmlns", value: "u:b"),
                Attribute(name: "p", namespace: Namespace.xmlns, value: "u:c"),
            ]
        )
        #expect(
            String(decoding: element.octets(), as: UTF8.self) == "<a xmlns:ns0='u:a' ns0:xmlns='kept'/>"
        )
    }
}
