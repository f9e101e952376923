package import Addressing

/// What an operator decides about instant messages; the names of MAPPING section 10.1 in parentheses.
package struct MessagingConfiguration: Hashable, Sendable {
    /// The type of the stanzas that SIP messages become (`pager-as`).
    ///
    /// RFC 7572 section 5 asks for `normal`, which many clients show in a window of its own; `chat` is the one
    /// deliberate deviation.
    package enum PagerType: String, Hashable, Sendable, CaseIterable {
        case normal
        case chat
    }

    /// Names the gateway in `by` of its errors, in delays and in the address of anonymous senders.
    package var gatewayDomain: String
    /// Domains whose users are on SIP; ASCII, lower case.
    package var sipDomains: Set<String>
    /// Domains whose users are on XMPP and whose SIP service the gateway is; ASCII, lower case.
    package var xmppDomains: Set<String>
    /// The most octets that a stanza to XMPP may have (`xmpp.max-stanza`; RFC 6120 section 13.12).
    package var maxStanza = 10_000
    /// How long an unknown recipient's server has to send an error back (`bounce-window`).
    package var bounceWindow = Duration.milliseconds(300)
    /// Whether a text too long for one MESSAGE is sent as several (`im.split`).
    package var splits = true
    /// What precedes the new text of a corrected message (`correction-prefix`).
    package var correctionPrefix = "* "
    package var pagerAs = PerDomain(PagerType.normal)
    /// Whether From carries the XMPP resource as `gr`, by SIP domain (`from-gruu`); `auto` where none is named.
    package var senderGRUU: [String: SenderGRUU.Policy] = [:]
    /// How many messages of one XMPP user to one SIP user may wait for those before them.
    package var queueLimit = 100
    /// How long a message may wait for those before it.
    package var queuePatience = Duration.seconds(60)

    package init(gatewayDomain: String, sipDomains: Set<String>, xmppDomains: Set<String> = []) {
        self.gatewayDomain = gatewayDomain
        self.sipDomains = sipDomains
        self.xmppDomains = xmppDomains
    }
}
