/// A setting with exceptions for some domains.
package struct PerDomain<Value: Hashable & Sendable>: Hashable, Sendable {
    package var usual: Value
    package var exceptions: [String: Value]

    package init(_ usual: Value, except exceptions: [String: Value] = [:]) {
        self.usual = usual
        self.exceptions = exceptions
    }

    package subscript(domain domain: String) -> Value {
        exceptions[domain] ?? usual
    }
}
