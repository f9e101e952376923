extension Settings {
    /// `media`: where message sessions, files and voices pass.
    package struct Media: Hashable, Sendable {
        package let msrpListen: [ListenAddress]
        package let msrpAdvertise: String?
        package let bytestreamsListen: HostPort?
        package let bytestreamsAdvertise: String?
        package let rtpengine: [ListenAddress]
    }
}

extension Settings.Media {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        msrpListen = try keys.list(
            "media.msrp.listen",
            of: .listen(.msrp, .msrps),
            default: ["msrp://0.0.0.0:2855", "msrps://0.0.0.0:2856"],
            "where MSRP arrives (RFC 4975)",
            .later
        )
        msrpAdvertise = try keys.optional(
            "media.msrp.advertise",
            .host,
            otherwise: "sip.advertise",
            "host in MSRP paths",
            .later
        )
        bytestreamsListen = try keys.optional(
            "media.bytestreams.listen",
            .listen,
            "where SOCKS5 bytestreams arrive (XEP-0065)",
            .later
        )
        bytestreamsAdvertise = try keys.optional(
            "media.bytestreams.advertise",
            .host,
            otherwise: "sip.advertise",
            "host in bytestream candidates",
            .later
        )
        rtpengine = try keys.list(
            "media.rtpengine",
            of: .target(.udp),
            "control addresses of rtpengine (ng protocol), for calls",
            .later
        )
    }
}
