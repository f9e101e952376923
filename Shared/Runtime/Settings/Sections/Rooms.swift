extension Settings {
    /// `rooms`: chat rooms (RFC 7702).
    package struct Rooms: Hashable, Sendable {
        package let sip: String?
        package let create: Bool
        package let notifyInterval: Duration
        package let rosterWait: Duration
    }
}

extension Settings.Rooms {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        sip = try keys.optional(
            "rooms.sip",
            .domain,
            "host of the SIP conference service; XMPP users see its rooms under the same names",
            .later
        )
        create = try keys.value(
            "rooms.create-rooms",
            .boolean,
            default: "true",
            "a SIP user who calls a room that does not exist creates it; if false: 404",
            .later
        )
        notifyInterval = try keys.value(
            "rooms.notify-interval",
            .duration(.zero...(.seconds(600))),
            default: "5s",
            "least time between two conference NOTIFYs of a dialog; the first goes at once (RFC 4575 3.9)",
            .later
        )
        rosterWait = try keys.value(
            "rooms.roster-wait",
            .duration(.zero...(.seconds(30))),
            default: "1s",
            "how long the first NOTIFY waits for the list of occupants to be complete",
            .later
        )
    }
}
