internal import Octets

/// The local part of an address (RFC 7622 section 3.3).
enum LocalPart {
    static func enforce(_ text: String) throws(JIDError) -> String {
        guard !text.isEmpty else { throw JIDError(.local, .empty) }
        switch ASCIIVerdict(text.utf8.span, forbidden: forbidden) {
        case .forbidden:
            throw JIDError(.local, .forbiddenCodePoint)
        case .asItIs:
            guard text.utf8.count <= PartLength.maximum else { throw JIDError(.local, .tooLong) }
            return text
        case .hasUpperCase:
            guard text.utf8.count <= PartLength.maximum else { throw JIDError(.local, .tooLong) }
            return text.lowercased()
        case .notASCII:
            return try enforceUnicode(text)
        }
    }

    private static func enforceUnicode(_ text: String) throws(JIDError) -> String {
        guard text.utf8.count <= PartLength.worthMapping else { throw JIDError(.local, .tooLong) }
        let local: String
        do throws(UsernameCaseMapped.Fault) {
            local = try UsernameCaseMapped.enforce(text)
        } catch {
            switch error {
            case .forbiddenCodePoint: throw JIDError(.local, .forbiddenCodePoint)
            case .bidirectional: throw JIDError(.local, .bidirectional)
            }
        }
        // After the mappings: a fullwidth @ has become one.
        for octet in local.utf8 where forbidden.contains(octet) {
            throw JIDError(.local, .forbiddenCodePoint)
        }
        guard local.utf8.count <= PartLength.maximum else { throw JIDError(.local, .tooLong) }
        return local
    }

    /// What the IdentifierClass lacks in ASCII, and `" & ' / : < > @` of RFC 7622 section 3.3.1.
    private static let forbidden = OctetSet.control.union(OctetSet(" \"&'/:<>@"))
}
