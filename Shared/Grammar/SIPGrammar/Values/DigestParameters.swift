import Octets

/// The parameters of a digest value while it is read: each is taken once, and what is left is kept.
struct DigestParameters {
    /// More than these no peer has, and looking for each is linear.
    private static let most = 64

    private var rest: [SIPParameter]

    /// Nil for another scheme than Digest, and if a name comes twice (RFC 7235 section 2.1).
    init?(_ authorization: SIPAuthorization) {
        guard ASCII.equalIgnoringCase(authorization.scheme, SIPAuthorization.digest),
            authorization.credentials == nil
        else { return nil }
        self.init(authorization.parameters.elements)
    }

    /// Nil if a name comes twice, or there are too many.
    init?(_ elements: [SIPParameter]) {
        guard elements.count <= Self.most else { return nil }
        var names: Set<String> = []
        for element in elements where !names.insert(ASCII.lowercased(element.name)).inserted { return nil }
        rest = elements
    }

    /// The text of a parameter, without quotes and escapes, whether it came in quotes or not.
    mutating func take(_ name: String) -> String? {
        guard let index = rest.firstIndex(where: { ASCII.equalIgnoringCase($0.name, name) }) else {
            return nil
        }
        let parameter = rest.remove(at: index)
        return SIPParameters([parameter]).text(parameter.name)
    }

    mutating func takeFlag(_ name: String) -> Bool {
        take(name).map { ASCII.equalIgnoringCase($0, "true") } ?? false
    }

    /// What nobody has taken.
    var others: SIPParameters { SIPParameters(rest) }
}

extension SIPAuthorization {
    static let digest = "Digest"

    /// A value of the scheme Digest, of those parameters that are there.
    static func digest(_ elements: [SIPParameter?], _ others: SIPParameters) -> SIPAuthorization {
        SIPAuthorization(digest, parameters: SIPParameters(elements.compactMap { $0 } + others.elements))
    }
}

extension SIPParameter {
    /// A parameter whose value stands in quotes whatever it is; nil without a value.
    static func quoted(_ name: String, _ text: String?) -> SIPParameter? {
        text.map { SIPParameter(name, Quoting.quoted($0)) }
    }

    /// A parameter whose value is a token; nil without a value.
    static func token(_ name: String, _ text: String?) -> SIPParameter? {
        text.map { SIPParameter(name, Grammar.token(of: $0)) }
    }
}
