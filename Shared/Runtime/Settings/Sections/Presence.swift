extension Settings {
    /// `presence`: who is there (RFC 8048).
    package struct Presence: Hashable, Sendable {
        package let expires: Duration
        package let minExpires: Duration
        package let maxExpires: Duration
        package let notifyInterval: Duration
        package let debounce: Duration
        package let embargo: Duration
        package let askInterval: Duration
        package let retryFirst: Duration
        package let retryMost: Duration
        package let refusal: Refusal
        package let strict: Bool

        /// What a watcher sees who was refused (RFC 3856 6.6.2).
        package enum Refusal: String, Hashable, Sendable, CaseIterable {
            case plain
            case polite
        }
    }
}

extension Settings.Presence {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        let day = Duration.seconds(86_400)
        expires = try keys.value(
            "presence.expires",
            .duration(.seconds(60)...day),
            default: "1h",
            "life of a subscription that we ask for",
            .later
        )
        minExpires = try keys.value(
            "presence.min-expires",
            .duration(.seconds(1)...day),
            default: "60s",
            "shortest life that we grant; below it 423",
            .later
        )
        maxExpires = try keys.value(
            "presence.max-expires",
            .duration(.seconds(60)...(day * 7)),
            default: "24h",
            "longest life that we grant",
            .later
        )
        notifyInterval = try keys.value(
            "presence.notify-interval",
            .duration(.zero...(.seconds(600))),
            default: "5s",
            "least time between two NOTIFYs of a dialog; the first goes at once (RFC 3856 6.10)",
            .later
        )
        debounce = try keys.value(
            "presence.debounce",
            .duration(.zero...(.seconds(10))),
            default: "300ms",
            "how long changes are gathered",
            .later
        )
        embargo = try keys.value(
            "presence.embargo",
            .duration(.zero...(day * 30)),
            default: "24h",
            "how long a refused watcher stays refused without asking again",
            .later
        )
        askInterval = try keys.value(
            "presence.ask-interval",
            .duration(.seconds(3600)...(day * 365)),
            default: "7d",
            "least time between two requests to the same person",
            .later
        )
        retryFirst = try keys.value(
            "presence.retry-first",
            .duration(.seconds(1)...day),
            default: "30s",
            "first pause after a failure that may pass; doubled each time",
            .later
        )
        retryMost = try keys.value(
            "presence.retry-most",
            .duration(.seconds(1)...day),
            default: "1h",
            "longest such pause",
            .later
        )
        refusal = try keys.value(
            "presence.refusal",
            .choice(),
            default: "plain",
            "plain: 403; polite: the watcher sees someone who is always away (RFC 3856 6.6.2)",
            .later
        )
        strict = try keys.value(
            "presence.strict",
            .boolean,
            default: "false",
            "a probe without a known authorisation is checked with the SIP side",
            .later
        )
    }
}
