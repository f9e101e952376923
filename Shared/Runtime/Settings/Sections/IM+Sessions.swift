extension Settings.IM.Typing {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        inPageMode = try keys.value(
            "im.typing-in-page-mode",
            .boolean,
            default: "false",
            "typing notifications go to SIP outside a session too: a MESSAGE each",
            .later
        )
        refresh = try keys.value(
            "im.typing-refresh",
            .duration(.seconds(10)...(.seconds(3600))),
            default: "115s",
            "how often 'is composing' is repeated to SIP (RFC 3994 3.3)",
            .later
        )
        expiry = try keys.value(
            "im.typing-expiry",
            .duration(.seconds(10)...(.seconds(3600))),
            default: "120s",
            "after how long without a refresh someone counts as having stopped",
            .later
        )
        cap = try keys.value(
            "im.typing-cap",
            .duration(.seconds(10)...(.seconds(86_400))),
            default: "6m",
            "after how long 'is composing' is no longer repeated",
            .later
        )
    }
}

extension Settings.IM.MSRP {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        maxSize = try keys.value(
            "im.msrp-max-size",
            .octets(1000...1_048_576),
            default: "65536",
            "largest message of a session; at most limits.stanza less 1024 is announced",
            .later
        )
        responseWait = try keys.value(
            "im.msrp-response-wait",
            .duration(.seconds(1)...(.seconds(600))),
            default: "30s",
            "how long a chunk may stay unanswered",
            .later
        )
        partialWait = try keys.value(
            "im.msrp-partial-wait",
            .duration(.seconds(1)...(.seconds(3600))),
            default: "540s",
            "how long the rest of a message may keep us waiting",
            .later
        )
        keepalive = try keys.value(
            "im.msrp-keepalive",
            .duration(.seconds(5)...(.seconds(3600))),
            default: "60s",
            "how often an idle MSRP connection is used",
            .later
        )
        failureReport = try keys.value(
            "im.failure-report",
            .choice(),
            default: "yes",
            "the Failure-Report that chunks ask for (RFC 4975 7.1.1)",
            .later
        )
        cpim = try keys.value(
            "im.cpim",
            .choice(),
            default: "auto",
            "prefer: message/cpim is offered before text/plain",
            .later
        )
    }
}
