/// XEP-0461, message replies.
enum ReplyNamespace {
    static let reply = "urn:xmpp:reply:0"
}
