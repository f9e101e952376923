import XMPPGrammar

/// Payloads that the gateway cannot read, and whose body says only so (MAPPING 4.2 and 11.11).
// Conforms: XEP-0380 0.4.0 (partial: encrypted messages are refused by name)
enum EncryptedPayload {
    private static let payloads: [(name: String, namespace: String)] = [
        ("encrypted", "eu.siacs.conversations.axolotl"),
        ("encrypted", "urn:xmpp:omemo:1"),
        ("encrypted", "urn:xmpp:omemo:2"),
        ("openpgp", "urn:xmpp:openpgp:0"),
        ("x", "jabber:x:encrypted"),
    ]
    /// XEP-0364: its messages are text in the body, which passes like any other.
    private static let offTheRecord = "urn:xmpp:otr:0"

    /// Whether a stanza's meaning is encrypted, by its own word (XEP-0380) or by what is in it.
    static func isPresent(in stanza: Element) -> Bool {
        if let hint = stanza.first("encryption", Namespace.explicitEncryption) {
            return hint["namespace"] != offTheRecord
        }
        return payloads.contains { stanza.contains($0.name, $0.namespace) }
    }
}
