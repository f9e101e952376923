public import BusContract
import Octets
public import SIPGrammar
public import XMPPGrammar

/// Senders who hide who they are (MAPPING 1.8; RFC 3323, RFC 3325).
public enum Anonymity {
    /// The nickname that an anonymous message comes with.
    public static let displayName = "Anonymous"

    /// Whether the sender of a request wants to be, or is, anonymous.
    public static func covers(_ request: SIPRequest) -> Bool {
        let privacy = request.headers.all(.privacy).flatMap { $0.utf8.split(separator: UInt8(ascii: ";")) }
        for value in privacy {
            let value = String(decoding: value.filter { !ASCII.isBlank($0) }, as: UTF8.self)
            if hidingPrivacy.contains(ASCII.lowercased(value)) { return true }
        }
        guard let from = try? request.headers.from(), case .sip(let uri) = from.uri else { return false }
        return isAnonymous(uri)
    }

    /// `sip:anonymous@anonymous.invalid`, whatever its user part (RFC 3323 section 4.1.1.3).
    public static func isAnonymous(_ uri: SIPURI) -> Bool {
        uri.host == .name("anonymous.invalid")
    }

    /// The address that such a sender has for XMPP: `anonymous@` the gateway's domain.
    public static func jid(at domain: String) throws(JIDError) -> JID {
        try JID(local: "anonymous", domain: domain)
    }

    /// Whether a stanza is written to an anonymous sender, to whom only a live dialog leads back.
    public static func isAnonymous(_ jid: JID, at domain: String) -> Bool {
        jid.local == "anonymous" && (try? Self.jid(at: domain)) == jid.bare
    }

    /// What XMPP is told who answers an anonymous sender outside a dialog.
    public static func unreachable(by domain: String) -> StanzaError {
        StanzaError(.itemNotFound, text: "the sender is anonymous", language: "en", by: domain)
    }

    /// What an anonymous sender is told at once; nil when the method is open to all (RFC 5079).
    public static func refusal(of method: SIPMethod) -> SIPAnswer? {
        method == .subscribe ? SIPAnswer(433) : nil
    }

    private static let hidingPrivacy: Set<String> = ["id", "header", "user"]
}
