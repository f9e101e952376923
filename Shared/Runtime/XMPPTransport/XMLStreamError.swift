package import XMPPGrammar

/// Why an XML stream cannot be read any further.
package struct XMLStreamError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        case notWellFormed = "the XML is not well-formed"
        case restrictedXML = "a document type, comment, processing instruction or entity, which XMPP forbids"
        case textBetweenElements = "text between the elements of the first level"
        case unsupportedEncoding = "the encoding is not UTF-8"
        case headerTooLarge = "the stream header is too large"
        case elementTooLarge = "an element is too large"
        case tooDeep = "elements are nested too deep"
        case tooManyAttributes = "an element has too many attributes"
        case tooManyNamespaces = "too many namespaces are declared"
        case nameTooLong = "a name is too long"
        case outOfMemory = "there is no memory for the XML parser"
    }

    package var reason: Reason

    package init(_ reason: Reason) {
        self.reason = reason
    }

    /// The condition to close the stream with (RFC 6120 sections 4.9.3 and 11).
    package var condition: StreamErrorCondition {
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
    }

    /// The error to close the stream with; an element that is too large is called so (RFC 6120 section 4.9.3.14).
    package var streamError: StreamError {
        StreamError(
            condition,
            text: description,
            application: reason == .elementTooLarge
                ? Element("stanza-too-big", Namespace.applicationErrors) : nil
        )
    }

    package var description: String { reason.rawValue }
}
