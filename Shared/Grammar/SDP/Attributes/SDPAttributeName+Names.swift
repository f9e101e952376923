extension SDPAttributeName {
    // RFC 8866 section 6.
    public static let charset = SDPAttributeName(parsed: "charset")
    public static let formatParameters = SDPAttributeName(parsed: "fmtp")
    public static let frameRate = SDPAttributeName(parsed: "framerate")
    public static let inactive = SDPAttributeName(parsed: "inactive")
    public static let language = SDPAttributeName(parsed: "lang")
    public static let maxPacketTime = SDPAttributeName(parsed: "maxptime")
    public static let packetTime = SDPAttributeName(parsed: "ptime")
    public static let receiveOnly = SDPAttributeName(parsed: "recvonly")
    public static let rtpMap = SDPAttributeName(parsed: "rtpmap")
    public static let sendOnly = SDPAttributeName(parsed: "sendonly")
    public static let sendReceive = SDPAttributeName(parsed: "sendrecv")
    public static let tool = SDPAttributeName(parsed: "tool")

    // RTP: RFC 3605, RFC 3890, RFC 4574, RFC 4585, RFC 4796, RFC 5506, RFC 5576, RFC 5761, RFC 8285, RFC 8858.
    public static let content = SDPAttributeName(parsed: "content")
    public static let extensionMap = SDPAttributeName(parsed: "extmap")
    public static let extensionMapAllowMixed = SDPAttributeName(parsed: "extmap-allow-mixed")
    public static let label = SDPAttributeName(parsed: "label")
    public static let maxPacketRate = SDPAttributeName(parsed: "maxprate")
    public static let rtcp = SDPAttributeName(parsed: "rtcp")
    public static let rtcpFeedback = SDPAttributeName(parsed: "rtcp-fb")
    public static let rtcpMux = SDPAttributeName(parsed: "rtcp-mux")
    public static let rtcpMuxOnly = SDPAttributeName(parsed: "rtcp-mux-only")
    public static let rtcpReducedSize = SDPAttributeName(parsed: "rtcp-rsize")
    public static let source = SDPAttributeName(parsed: "ssrc")
    public static let sourceGroup = SDPAttributeName(parsed: "ssrc-group")

    // Grouping: RFC 5888, RFC 8830, RFC 9143.
    public static let bundleOnly = SDPAttributeName(parsed: "bundle-only")
    public static let group = SDPAttributeName(parsed: "group")
    public static let mediaStream = SDPAttributeName(parsed: "msid")
    public static let mid = SDPAttributeName(parsed: "mid")

    // Security: RFC 4145, RFC 4568, RFC 6189, RFC 8122, RFC 8842.
    public static let connection = SDPAttributeName(parsed: "connection")
    public static let crypto = SDPAttributeName(parsed: "crypto")
    public static let fingerprint = SDPAttributeName(parsed: "fingerprint")
    public static let setup = SDPAttributeName(parsed: "setup")
    public static let tlsID = SDPAttributeName(parsed: "tls-id")
    public static let zrtpHash = SDPAttributeName(parsed: "zrtp-hash")

    // ICE: RFC 8839, RFC 8840.
    public static let candidate = SDPAttributeName(parsed: "candidate")
    public static let endOfCandidates = SDPAttributeName(parsed: "end-of-candidates")
    public static let iceLite = SDPAttributeName(parsed: "ice-lite")
    public static let iceMismatch = SDPAttributeName(parsed: "ice-mismatch")
    public static let iceOptions = SDPAttributeName(parsed: "ice-options")
    public static let icePacing = SDPAttributeName(parsed: "ice-pacing")
    public static let icePassword = SDPAttributeName(parsed: "ice-pwd")
    public static let iceUsernameFragment = SDPAttributeName(parsed: "ice-ufrag")
    public static let remoteCandidates = SDPAttributeName(parsed: "remote-candidates")

    // MSRP and conferences: RFC 4975, RFC 6714, RFC 7701.
    public static let acceptTypes = SDPAttributeName(parsed: "accept-types")
    public static let acceptWrappedTypes = SDPAttributeName(parsed: "accept-wrapped-types")
    public static let chatRoom = SDPAttributeName(parsed: "chatroom")
    public static let maxSize = SDPAttributeName(parsed: "max-size")
    public static let msrpCEMA = SDPAttributeName(parsed: "msrp-cema")
    public static let path = SDPAttributeName(parsed: "path")

    // Files: RFC 5547.
    public static let fileDate = SDPAttributeName(parsed: "file-date")
    public static let fileDisposition = SDPAttributeName(parsed: "file-disposition")
    public static let fileIcon = SDPAttributeName(parsed: "file-icon")
    public static let fileRange = SDPAttributeName(parsed: "file-range")
    public static let fileSelector = SDPAttributeName(parsed: "file-selector")
    public static let fileTransferID = SDPAttributeName(parsed: "file-transfer-id")
}
