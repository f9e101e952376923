internal import Octets

/// The resource of an address (RFC 7622 section 3.4).
///
/// Table 2 of RFC 7622 lists a resource with a leading space (example 18) among the wrong ones, but no rule of RFC 7622
/// or of OpaqueString says so. It is taken: a service that refuses addresses which others assign loses their messages.
enum ResourcePart {
    static func enforce(_ text: String) throws(JIDError) -> String {
        guard !text.isEmpty else { throw JIDError(.resource, .empty) }
        let resource: String
        switch ASCIIVerdict(text.utf8.span, forbidden: .control) {
        case .forbidden:
            throw JIDError(.resource, .forbiddenCodePoint)
        case .asItIs, .hasUpperCase:
            resource = text
        case .notASCII:
            guard text.utf8.count <= PartLength.worthMapping else { throw JIDError(.resource, .tooLong) }
            guard let enforced = OpaqueString.enforce(text) else {
                throw JIDError(.resource, .forbiddenCodePoint)
            }
            resource = enforced
        }
        guard resource.utf8.count <= PartLength.maximum else { throw JIDError(.resource, .tooLong) }
        return resource
    }
}
