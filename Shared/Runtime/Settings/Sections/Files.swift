extension Settings {
    /// `files`: file transfer.
    package struct Files: Hashable, Sendable {
        package let maxFile: Int
        package let mostPerUser: Int
        package let mostTogether: Int
        package let blockSize: Int
        package let extraHash: Bool
        package let requireIBB: Bool
        package let httpUpload: String?
    }
}

extension Settings.Files {
    init(_ keys: inout KeyReader) throws(SettingsError) {
        maxFile = try keys.value(
            "files.max-file",
            .octets(1...(1 << 50)),
            default: "2GiB",
            "largest file",
            .later
        )
        mostPerUser = try keys.value(
            "files.per-user",
            .number(1...1000),
            default: "4",
            "transfers of one user at a time",
            .later
        )
        mostTogether = try keys.value(
            "files.together",
            .number(1...100_000),
            default: "64",
            "transfers of everyone at a time",
            .later
        )
        blockSize = try keys.value(
            "files.block-size",
            .octets(128...65_535),
            default: "4096",
            "block of an in-band bytestream (XEP-0047); a stanza of 10000 octets holds 7000",
            .later
        )
        extraHash = try keys.value(
            "files.extra-hash",
            .boolean,
            default: "false",
            "hashes other than SHA-1 go into the file selector (RFC 5547 knows only that one)",
            .later
        )
        requireIBB = try keys.value(
            "files.require-ibb",
            .boolean,
            default: "false",
            "only in-band bytestreams, which the XMPP streams' TLS covers",
            .later
        )
        httpUpload = try keys.optional(
            "files.http-upload",
            .domain,
            "upload service (XEP-0363) for files to XMPP users whose client takes none",
            .later
        )
    }
}
