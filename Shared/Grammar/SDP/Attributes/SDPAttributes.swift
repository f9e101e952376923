/// The attributes of a session or a medium, in their order.
///
/// Values are kept as text and read when somebody asks: `attributes.all(RTPMap.self)`. One that cannot be read is
/// passed over, as RFC 8866 section 5.13 asks of attributes that are not understood; its text stays.
public struct SDPAttributes: Hashable, Sendable, ExpressibleByArrayLiteral {
    public var elements: [SDPAttribute]

    public init(_ elements: [SDPAttribute] = []) {
        self.elements = elements
    }

    public init(arrayLiteral elements: SDPAttribute...) {
        self.elements = elements
    }

    public var isEmpty: Bool { elements.isEmpty }

    /// Whether there is an attribute of a name; setting puts or takes out a flag.
    public subscript(flag name: SDPAttributeName) -> Bool {
        get { contains(name) }
        set {
            guard newValue != contains(name) else { return }
            if newValue { append(SDPAttribute(name)) } else { removeAll(name) }
        }
    }

    /// The value of the first attribute of a name that has one; setting it replaces all of the name, and nil removes them.
    public subscript(_ name: SDPAttributeName) -> String? {
        get {
            for element in elements where element.name == name {
                if let value = element.value { return value }
            }
            return nil
        }
        set { replace(name, with: newValue.map { [SDPAttribute(name, $0)] } ?? []) }
    }

    public func contains(_ name: SDPAttributeName) -> Bool { elements.contains { $0.name == name } }

    /// The values of all attributes of a name.
    public func all(_ name: SDPAttributeName) -> [String] {
        var values: [String] = []
        for element in elements where element.name == name {
            if let value = element.value { values.append(value) }
        }
        return values
    }

    public mutating func append(_ attribute: SDPAttribute) {
        elements.append(attribute)
    }

    public mutating func removeAll(_ name: SDPAttributeName) {
        elements.removeAll { $0.name == name }
    }

    /// Puts attributes in the place of all of a name: where the first of them was, or last.
    mutating func replace(_ name: SDPAttributeName, with attributes: [SDPAttribute]) {
        let first = elements.firstIndex { $0.name == name } ?? elements.count
        removeAll(name)
        elements.insert(contentsOf: attributes, at: first)
    }
}

extension SDPAttributes {
    /// The first value of a type.
    public func first<Value: SDPAttributeValue>(_ type: Value.Type) -> Value? {
        for element in elements where element.name == type.attribute {
            if let value = Value(parsing: element.value ?? "") { return value }
        }
        return nil
    }

    /// All values of a type.
    public func all<Value: SDPAttributeValue>(_ type: Value.Type) -> [Value] {
        var values: [Value] = []
        for element in elements where element.name == type.attribute {
            if let value = Value(parsing: element.value ?? "") { values.append(value) }
        }
        return values
    }

    public mutating func append(_ value: some SDPAttributeValue) {
        append(SDPAttribute(value))
    }

    /// Puts a value in the place of all attributes of its name; nil takes them out.
    public mutating func set<Value: SDPAttributeValue>(_ value: Value?) {
        replace(Value.attribute, with: value.map { [SDPAttribute($0)] } ?? [])
    }

    /// Puts values in the place of all attributes of their name.
    public mutating func set<Value: SDPAttributeValue>(_ values: [Value]) {
        replace(Value.attribute, with: values.map { SDPAttribute($0) })
    }
}
