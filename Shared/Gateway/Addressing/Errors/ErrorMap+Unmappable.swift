public import BusContract
import SIPGrammar
public import XMPPGrammar

/// Addresses that have no counterpart (MAPPING 1.1, 1.2 and 1.7).
extension ErrorMap {
    /// Whose address it was.
    public enum Role: Hashable, Sendable, CaseIterable {
        /// Whom the request was for.
        case target
        /// Whom it was from.
        case sender
    }

    /// The answer to a request with such an address.
    public static func answer(for unmappable: Unmappable, of role: Role, warnedBy host: String) -> SIPAnswer {
        switch unmappable.reason {
        case .scheme: return SIPAnswer(416)
        case .syntax: return SIPAnswer(400, reason: phrase(unmappable.text))
        case .user, .domain: return SIPAnswer(role == .target ? 404 : 403, reason: phrase(unmappable.text))
        case .secureScheme:
            var answer = SIPAnswer(480)
            // RFC 5630 section 5.1.2.
            answer.headers.append(.warning, "380 \(host) \"SIPS Not Allowed\"")
            return answer
        }
    }

    /// The error of a stanza with such an address.
    public static func stanzaError(
        for unmappable: Unmappable,
        of role: Role,
        by domain: String
    ) -> StanzaError {
        let condition: StanzaErrorCondition = role == .target ? .itemNotFound : .jidMalformed
        return StanzaError(condition, text: XMLText.clean(line(unmappable.text)), language: "en", by: domain)
    }
}
