import FoundationEssentials
import XMPPGrammar

extension DeliveryID {
    var wire: Data { Data(octets) }
}

extension Element {
    var wire: Causeway_V1_Element {
        var wire = Causeway_V1_Element()
        wire.name = name
        wire.namespace = namespace
        wire.attributes = attributes.map { attribute in
            var wire = Causeway_V1_Attribute()
            wire.name = attribute.name
            wire.namespace = attribute.namespace
            wire.value = attribute.value
            return wire
        }
        wire.children = children.map { child in
            var wire = Causeway_V1_Node()
            switch child {
            case .element(let element): wire.element = element.wire
            case .text(let text): wire.text = text
            }
            return wire
        }
        return wire
    }
}

extension Causeway_V1_Element {
    /// Deeper than this no edge lets a stanza in (`limits.depth`).
    private static let maximumDepth = 1_024

    func element(depth: Int) throws(ContractError) -> Element {
        guard depth < Self.maximumDepth else { throw ContractError(.tooDeep) }
        var element = Element(name, namespace)
        element.attributes.reserveCapacity(attributes.count)
        for attribute in attributes {
            element.attributes.append(
                Attribute(name: attribute.name, namespace: attribute.namespace, value: attribute.value)
            )
        }
        element.children.reserveCapacity(children.count)
        for child in children {
            switch child.kind {
            case .element(let inner): element.children.append(.element(try inner.element(depth: depth + 1)))
            case .text(let text): element.children.append(.text(text))
            case nil: throw ContractError(.missing(.node))
            }
        }
        return element
    }
}
