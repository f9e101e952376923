extension Settings {
    /// `calls`: Jingle and SIP calls.
    package struct Calls: Hashable, Sendable {
        package let mediaMode: MediaMode
        package let ringTimeout: Duration
        package let trickleQuiet: Duration
        package let trickleCap: Duration
        package let sessionExpires: Duration
        package let minSE: Duration
        package let declineAs: Int
        package let sdesOverUDP: Bool
        package let jingleMessage: JingleMessage
        package let transfer: Transfer

        /// Who relays the media.
        package enum MediaMode: String, Hashable, Sendable, CaseIterable {
            case anchored
            case e2e
            case auto
        }

        /// What follows a proposal (XEP-0353).
        package enum JingleMessage: String, Hashable, Sendable, CaseIterable {
            case proceed
            case early
        }

        /// Who places the call that a REFER asks for.
        package enum Transfer: String, Hashable, Sendable, CaseIterable {
            case b2bua
            case refuse
        }
    }
}

extension Settings.Calls {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        mediaMode = try keys.value(
            "calls.media-mode",
            .choice(),
            default: "anchored",
            "anchored: rtpengine relays; e2e: the two ends talk directly; auto",
            .later
        )
        ringTimeout = try keys.value(
            "calls.ring-timeout",
            .duration(.seconds(5)...(.seconds(3600))),
            default: "120s",
            "how long a call rings",
            .later
        )
        trickleQuiet = try keys.value(
            "calls.trickle-quiet",
            .duration(.zero...(.seconds(10))),
            default: "500ms",
            "how long no new candidate must have come before the INVITE leaves",
            .later
        )
        trickleCap = try keys.value(
            "calls.trickle-cap",
            .duration(.zero...(.seconds(30))),
            default: "2s",
            "after how long it leaves all the same",
            .later
        )
        sessionExpires = try keys.value(
            "calls.session-expires",
            .duration(.seconds(90)...(.seconds(86_400))),
            default: "30m",
            "session timer (RFC 4028)",
            .later
        )
        minSE = try keys.value(
            "calls.min-se",
            .duration(.seconds(90)...(.seconds(86_400))),
            default: "90s",
            "shortest session timer that we accept (RFC 4028 5)",
            .later
        )
        let form = ValueForm<Int>("480 \\| 486 \\| 603", "one of 480, 486, 603") { text in
            [480, 486, 603].first { String($0) == text }
        }
        declineAs = try keys.value(
            "calls.decline-as",
            form,
            default: "603",
            "answer to the INVITE that an XMPP user declines; 486 behind a proxy that forks further",
            .later
        )
        sdesOverUDP = try keys.value(
            "calls.sdes-over-udp",
            .boolean,
            default: "false",
            "media keys may be written in SIP without TLS",
            .later
        )
        jingleMessage = try keys.value(
            "calls.jingle-message",
            .choice(),
            default: "proceed",
            "answer to a proposed call (XEP-0353): proceed at once, or early: only when the SIP side rings",
            .later
        )
        transfer = try keys.value(
            "calls.transfer",
            .choice(),
            default: "b2bua",
            "b2bua: the gateway places a transferred call itself; refuse",
            .later
        )
    }
}
