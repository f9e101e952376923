/// The descriptions of the RFCs, with errata applied where they say so.
enum Examples {
    static let all = [
        rfc8866, rfc8866Repeats, rfc3264Offer, rfc3264Answer, rfc3264Hold, rfc4317Offer, rfc4317Answer,
        rfc8839,
        rfc4975, rfc5547Offer, rfc5547Answer, rfc5547Query, rfc4568, rfc4103, browser,
    ]

    /// RFC 8866 section 5.
    static let rfc8866 = """
        v=0
        o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1
        s=Call to John Smith
        i=SDP Offer #1
        u=http://www.jdoe.example.com/home.html
        e=Jane Doe <jane@jdoe.example.com>
        p=+1 617 555-6011
        c=IN IP4 198.51.100.1
        t=0 0
        m=audio 49170 RTP/AVP 0
        m=audio 49180 RTP/AVP 0
        m=video 51372 RTP/AVP 99
        c=IN IP6 2001:db8::2
        a=rtpmap:99 h263-1998/90000
        """

    /// RFC 8866 sections 5.7 to 5.11.
    static let rfc8866Repeats = """
        v=0
        o=- 1 2 IN IP6 ff00::db8:0:101
        s=A Seminar on the session description protocol
        c=IN IP4 233.252.0.1/127/3
        b=X-YZ:128
        b=AS:256
        t=3724394400 3724398000
        r=604800 3600 0 90000
        z=3730928400 -3600 3749680800 0
        t=3724484400 3724488000
        a=recvonly
        m=video 49170/2 RTP/AVP 31
        c=IN IP6 ff00::db8:0:101/3
        """

    /// RFC 3264 section 10.1.
    static let rfc3264Offer = """
        v=0
        o=alice 2890844526 2890844526 IN IP4 host.anywhere.com
        s=
        c=IN IP4 host.anywhere.com
        t=0 0
        m=audio 49170 RTP/AVP 0
        a=rtpmap:0 PCMU/8000
        m=video 51372 RTP/AVP 31
        a=rtpmap:31 H261/90000
        m=video 53000 RTP/AVP 32
        a=rtpmap:32 MPV/90000
        """

    /// RFC 3264 section 10.1: a medium is refused.
    static let rfc3264Answer = """
        v=0
        o=bob 2890844730 2890844730 IN IP4 host.example.com
        s=
        c=IN IP4 host.example.com
        t=0 0
        m=audio 49920 RTP/AVP 0
        a=rtpmap:0 PCMU/8000
        m=video 0 RTP/AVP 31
        m=video 53000 RTP/AVP 32
        a=rtpmap:32 MPV/90000
        """

    /// RFC 3264 section 10.2, with hold by direction and by address.
    static let rfc3264Hold = """
        v=0
        o=alice 2890844526 2890844527 IN IP4 host.anywhere.com
        s=
        c=IN IP4 0.0.0.0
        t=0 0
        m=audio 62986 RTP/AVP 0 4 18
        a=rtpmap:0 PCMU/8000
        a=rtpmap:4 G723/8000
        a=rtpmap:18 G729/8000
        a=inactive
        m=audio 54344 RTP/AVP 97
        a=rtpmap:97 telephone-event/8000
        a=fmtp:97 0-15
        a=recvonly
        """

    /// RFC 4317 section 2.1.
    static let rfc4317Offer = """
        v=0
        o=alice 2890844526 2890844526 IN IP4 host.atlanta.example.com
        s=
        c=IN IP4 host.atlanta.example.com
        t=0 0
        m=audio 49170 RTP/AVP 0 8 97
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000
        a=rtpmap:97 iLBC/8000
        m=video 51372 RTP/AVP 31 32
        a=rtpmap:31 H261/90000
        a=rtpmap:32 MPV/90000
        """

    static let rfc4317Answer = """
        v=0
        o=bob 2808844564 2808844564 IN IP4 host.biloxi.example.com
        s=
        c=IN IP4 host.biloxi.example.com
        t=0 0
        m=audio 49174 RTP/AVP 0
        a=rtpmap:0 PCMU/8000
        m=video 49170 RTP/AVP 32
        a=rtpmap:32 MPV/90000
        """

    /// RFC 8839 section 6 and its neighbours.
    static let rfc8839 = """
        v=0
        o=jdoe 2890844526 2890842807 IN IP4 203.0.113.141
        s=
        c=IN IP4 192.0.2.3
        t=0 0
        a=ice-options:ice2
        a=ice-pacing:50
        a=ice-pwd:asd88fgpdd777uzjYhagZg
        a=ice-ufrag:8hhY
        m=audio 45664 RTP/AVP 0
        b=RS:0
        b=RR:0
        a=rtpmap:0 PCMU/8000
        a=candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ host
        a=candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998
        a=remote-candidates:1 192.0.2.3 45664 2 192.0.2.3 45665
        """

    /// RFC 4975 section 8.1, with RFC 6135's and RFC 6714's attributes.
    static let rfc4975 = """
        v=0
        o=alice 2890844526 2890844527 IN IP4 alice.example.com
        s= -
        c=IN IP4 alice.example.com
        t=0 0
        m=message 7394 TCP/MSRP *
        a=accept-types:message/cpim text/plain
        a=accept-wrapped-types:text/html message/imdn+xml
        a=max-size:8000
        a=path:msrp://alice.example.com:7394/2s93i9ek2a;tcp
        a=setup:actpass
        a=msrp-cema
        """

    /// RFC 5547 section 9.1.
    static let rfc5547Offer = """
        v=0
        o=alice 2890844526 2890844526 IN IP4 alicepc.example.com
        s=
        c=IN IP4 alicepc.example.com
        t=0 0
        m=message 7654 TCP/MSRP *
        i=This is my latest picture
        a=sendonly
        a=accept-types:message/cpim
        a=accept-wrapped-types:*
        a=path:msrp://atlanta.example.com:7654/jshA7weztas;tcp
        a=file-selector:name:"My cool picture.jpg" type:image/jpeg size:4092 \
        hash:sha-1:72:24:5F:E8:65:3D:DA:F3:71:36:2F:86:D4:71:91:3E:E4:A2:CE:2E
        a=file-transfer-id:vBnG916bdberum2fFEABR1FR3ExZMUrd
        a=file-disposition:attachment
        a=file-date:creation:"Mon, 15 May 2006 15:01:31 +0300"
        a=file-icon:cid:id2@alicepc.example.com
        a=file-range:1-4092
        """

    static let rfc5547Answer = """
        v=0
        o=bob 2890844656 2890844656 IN IP4 bobpc.example.com
        s=
        c=IN IP4 bobpc.example.com
        t=0 0
        m=message 8888 TCP/MSRP *
        a=recvonly
        a=accept-types:message/cpim
        a=accept-wrapped-types:*
        a=path:msrp://bobpc.example.com:8888/9di4ea;tcp
        a=file-selector:name:"My cool picture.jpg" type:image/jpeg size:4092 \
        hash:sha-1:72:24:5F:E8:65:3D:DA:F3:71:36:2F:86:D4:71:91:3E:E4:A2:CE:2E
        a=file-transfer-id:vBnG916bdberum2fFEABR1FR3ExZMUrd
        a=file-range:1-4092
        """

    /// RFC 5547 section 9.6: whether the peer can transfer files.
    static let rfc5547Query = """
        v=0
        o=bob 2890844656 2890855439 IN IP4 bobpc.example.com
        s=-
        c=IN IP4 bobpc.example.com
        t=0 0
        m=message 0 TCP/MSRP *
        a=accept-types:message/cpim
        a=accept-wrapped-types:*
        a=file-selector
        """

    /// RFC 4568 section 4.
    static let rfc4568 = """
        v=0
        o=jdoe 2890844526 2890842807 IN IP4 10.47.16.5
        s=SDP Seminar
        i=A Seminar on the session description protocol
        u=http://www.example.com/seminars/sdp.pdf
        e=j.doe@example.com (Jane Doe)
        c=IN IP4 161.44.17.12/127
        t=2873397496 2873404696
        m=video 51372 RTP/SAVP 31
        a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20|1:32
        m=audio 49170 RTP/SAVP 0
        a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj|2^20|1:32
        m=application 32416 udp wb
        a=orient:portrait
        """

    /// RFC 4103 section 5.
    static let rfc4103 = """
        v=0
        o=- 1 1 IN IP4 192.0.2.1
        s=-
        c=IN IP4 192.0.2.1
        t=0 0
        m=text 11000 RTP/AVP 98 100
        a=rtpmap:98 t140/1000
        a=rtpmap:100 red/1000
        a=fmtp:98 cps=30
        a=fmtp:100 98/98/98
        """

    /// What browsers offer, shortened.
    static let browser = """
        v=0
        o=- 4611731400430051336 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0 1
        a=extmap-allow-mixed
        a=msid-semantic: WMS stream
        m=audio 9 UDP/TLS/RTP/SAVPF 111 63 0
        c=IN IP4 0.0.0.0
        a=rtcp:9 IN IP4 0.0.0.0
        a=candidate:842163049 1 udp 1677729535 203.0.113.9 46154 typ srflx raddr 0.0.0.0 rport 0 generation 0
        a=candidate:4 1 TCP 1015021823 2001:db8::9 9 typ host tcptype active
        a=ice-ufrag:F7gI
        a=ice-pwd:x9cml/YzichV2+XlhiMu8g==
        a=ice-options:trickle
        a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F
        a=setup:actpass
        a=mid:0
        a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
        a=extmap:4/recvonly urn:ietf:params:rtp-hdrext:sdes:mid
        a=sendrecv
        a=rtcp-mux
        a=rtcp-rsize
        a=rtpmap:111 opus/48000/2
        a=rtcp-fb:111 transport-cc
        a=rtcp-fb:* nack pli
        a=fmtp:111 minptime=10;useinbandfec=1
        a=ptime:20
        a=ssrc-group:FID 3735928559 4276993775
        a=ssrc:3735928559 cname:4TOk42mSjXCkVIa6
        m=video 0 UDP/TLS/RTP/SAVPF 96
        c=IN IP4 0.0.0.0
        a=bundle-only
        a=mid:1
        a=end-of-candidates
        """
}
