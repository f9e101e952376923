extension Settings {
    /// `im`: messages between two people.
    package struct IM: Hashable, Sendable {
        package let split: Bool
        package let pageMaxOctets: Int
        package let bounceWindow: Duration
        package let correctionPrefix: String
        package let queueLength: Int
        package let queueWait: Duration
        /// For domains without an entry in ``domains``.
        package let usual: Manners
        /// `im.domains`: what differs by the SIP domain.
        package let domains: [String: Manners]
        package let receiptOn200: Bool
        package let receiptMemory: Duration
        package let capabilityMemory: Duration
        package let chatIdle: Duration
        package let typing: Typing
        package let msrp: MSRP

        /// How messages with one SIP domain look.
        package struct Manners: Hashable, Sendable {
            package let pagerAs: PagerAs
            package let fromGRUU: FromGRUU
            package let largeMessage: LargeMessage
        }

        /// The type of stanza that a pager-mode MESSAGE becomes (RFC 7572 5).
        package enum PagerAs: String, Hashable, Sendable, CaseIterable {
            case normal
            case chat
        }

        /// Whether From carries `;gr=` with the XMPP resource (RFC 7572 4, note 1).
        package enum FromGRUU: String, Hashable, Sendable, CaseIterable {
            case auto
            case always
            case never
        }

        /// Whether a MESSAGE above the size may go out whole (RFC 3428 8).
        package enum LargeMessage: String, Hashable, Sendable, CaseIterable {
            /// Whole where the next hop is reached by TCP or TLS.
            case auto
            /// Whole: the operator knows the path to be congestion safe.
            case tcpPath = "tcp-path"
            /// Never.
            case never
        }

        /// Typing notifications (XEP-0085, RFC 3994).
        package struct Typing: Hashable, Sendable {
            package let inPageMode: Bool
            package let refresh: Duration
            package let expiry: Duration
            package let cap: Duration
        }

        /// Message sessions (RFC 4975, RFC 7573).
        package struct MSRP: Hashable, Sendable {
            package let maxSize: Int
            package let responseWait: Duration
            package let partialWait: Duration
            package let keepalive: Duration
            package let failureReport: FailureReport
            package let cpim: CPIM
        }

        /// The Failure-Report header that is sent (RFC 4975 7.1.1).
        package enum FailureReport: String, Hashable, Sendable, CaseIterable {
            case yes
            case partial
            case no
        }

        /// Whether messages are wrapped (RFC 3862).
        package enum CPIM: String, Hashable, Sendable, CaseIterable {
            /// Where the peer needs or knows it.
            case auto
            case prefer
        }
    }
}

extension Settings.IM {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        split = try keys.value(
            "im.split",
            .boolean,
            default: "true",
            "a text too long for one MESSAGE goes as several; if false it is refused with policy-violation"
        )
        pageMaxOctets = try keys.value(
            "im.page-max-octets",
            .octets(500...65_535),
            default: "1300",
            "largest MESSAGE, headers included, where no congestion-safe next hop exists (RFC 3428 8)"
        )
        bounceWindow = try keys.value(
            "im.bounce-window",
            .duration(.zero...(.seconds(10))),
            default: "300ms",
            "how long the answer to a MESSAGE waits for a bounce from a recipient not known to exist"
        )
        correctionPrefix = try keys.value(
            "im.correction-prefix",
            .text,
            default: "* ",
            "what stands before the text of a correction (XEP-0308)"
        )
        queueLength = try keys.value(
            "im.queue-length",
            .number(1...10_000),
            default: "100",
            "MESSAGEs that may wait for one SIP user"
        )
        queueWait = try keys.value(
            "im.queue-wait",
            .duration(.seconds(1)...(.seconds(600))),
            default: "60s",
            "how long one of them may wait"
        )
        (usual, domains) = try Self.manners(&keys)
        receiptOn200 = try keys.value(
            "im.receipt-on-200",
            .boolean,
            default: "true",
            "a 200 to a MESSAGE counts as its receipt (RFC 3428 4)",
            .later
        )
        receiptMemory = try keys.value(
            "im.receipt-memory",
            .duration(.seconds(60)...(.seconds(30 * 86_400))),
            default: "72h",
            "how long a receipt may still come",
            .later
        )
        capabilityMemory = try keys.value(
            "im.capability-memory",
            .duration(.seconds(60)...(.seconds(30 * 86_400))),
            default: "24h",
            "how long a peer counts as unable after it refused MSRP, CPIM or typing notifications",
            .later
        )
        chatIdle = try keys.value(
            "im.chat-idle",
            .duration(.seconds(10)...(.seconds(86_400))),
            default: "10m",
            "after how long without a word a conversation ends",
            .later
        )
        typing = try Typing(&keys)
        msrp = try MSRP(&keys)
    }

    private static func manners(
        _ keys: inout KeyReader
    ) throws(SettingsError) -> (Manners, [String: Manners]) {
        let usual = Manners(
            pagerAs: try keys.value(
                "im.pager-as",
                .choice(),
                default: "normal",
                "type of stanza that a MESSAGE becomes; RFC 7572 says normal, many clients show chat better"
            ),
            fromGRUU: try keys.value(
                "im.from-gruu",
                .choice(),
                default: "auto",
                "whether From carries the XMPP resource as ;gr=; auto: always, until a domain refuses it"
            ),
            largeMessage: try keys.value(
                "im.large-message",
                .choice(),
                default: "auto",
                "auto: a long MESSAGE goes whole over TCP or TLS; tcp-path: the path is known to be safe; never",
                .later
            )
        )
        let key = "im.domains"
        let rows = try keys.table(
            key,
            fields: ["pager-as", "from-gruu", "large-message"],
            "the three keys above for single SIP domains: sip.example: {pager-as: chat}"
        )
        var domains: [String: Manners] = [:]
        for (domain, row) in rows.sorted(by: { $0.key < $1.key }) {
            let path = "\(key).\(domain)"
            domains[domain] = Manners(
                pagerAs: try keys.field("pager-as", .choice(), of: row, at: path, in: key) ?? usual.pagerAs,
                fromGRUU: try keys.field("from-gruu", .choice(), of: row, at: path, in: key)
                    ?? usual.fromGRUU,
                largeMessage: try keys.field("large-message", .choice(), of: row, at: path, in: key)
                    ?? usual.largeMessage
            )
        }
        return (usual, domains)
    }

    /// How messages with a SIP domain look.
    package func manners(for domain: String) -> Manners { domains[domain] ?? usual }
}
