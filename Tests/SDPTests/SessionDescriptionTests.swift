import SDP
import Testing

@Suite("A session description")
struct SessionDescriptionTests {
    @Test(arguments: Examples.all)
    func `of an RFC prints as it was read`(example: String) throws {
        let printed = try Text.parse(example).description
        // An empty name, which RFC 8866 no longer allows, becomes one that it does.
        let expected = example.split(separator: "\n").map { $0 == "s=" ? "s=-" : String($0) }
        #expect(printed.split(separator: "\r\n").map { String($0) } == expected)
        #expect(printed.utf8.suffix(2).elementsEqual("\r\n".utf8))
    }

    @Test func `has what its lines say`() throws {
        let session = try Text.parse(Examples.rfc8866)
        #expect(session.origin.username == "jdoe")
        #expect(session.origin.sessionVersion == "3724394405")
        #expect(session.origin.address == .ipv4("198.51.100.1"))
        #expect(session.name == "Call to John Smith")
        #expect(session.info == "SDP Offer #1")
        #expect(session.uri == "http://www.jdoe.example.com/home.html")
        #expect(session.emails == ["Jane Doe <jane@jdoe.example.com>"])
        #expect(session.phones == ["+1 617 555-6011"])
        #expect(session.timings == [SDPTiming()])
        #expect(session.media.map(\.port) == [49_170, 49_180, 51_372])
        #expect(session.connection(of: session.media[0])?.address == .ipv4("198.51.100.1"))
        #expect(session.connection(of: session.media[2])?.address == .ipv6("2001:db8::2"))
        #expect(session.media[2].rtpMap(of: 99) == RTPMap(99, "h263-1998", 90_000))
    }

    @Test func `knows its times, repetitions and zones`() throws {
        let session = try Text.session(
            """
            t=3724394400 3724398000
            r=7d 1h 0 25h
            z=3730928400 -1h 3749680800 0
            """
        )
        #expect(session.timings.count == 2)
        let timing = session.timings[1]
        #expect(timing.start == 3_724_394_400)
        #expect(timing.repeats == [SDPRepeat(interval: 604_800, duration: 3600, offsets: [0, 90_000])])
        #expect(timing.zones.map(\.offset) == [-3600, 0])
        #expect(timing.zones.first?.time == 3_730_928_400)
    }

    @Test func `is built without being read`() throws {
        var session = SessionDescription(
            origin: SDPOrigin(sessionID: 1, sessionVersion: .max, address: .ipv6("2001:db8::1")),
            connection: SDPConnection(.ipv6("2001:db8::1")),
            media: [MediaDescription("audio", port: 49_170, "RTP/AVP", ["0", "101"])]
        )
        session.media[0].attributes.rtpMaps = [RTPMap(101, "telephone-event", 8000)]
        session.media[0].attributes.direction = .sendOnly
        session.origin = session.origin.successor
        #expect(
            session.description.split(separator: "\r\n") == [
                "v=0", "o=- 1 18446744073709551616 IN IP6 2001:db8::1", "s=-", "c=IN IP6 2001:db8::1",
                "t=0 0",
                "m=audio 49170 RTP/AVP 0 101", "a=rtpmap:101 telephone-event/8000", "a=sendonly",
            ]
        )
        #expect(try SessionDescription.parse(session.octets) == session)
    }

    @Test func `takes from the session what a medium does not say`() throws {
        let session = try Text.session(
            """
            a=recvonly
            a=setup:passive
            a=ice-ufrag:8hhY
            a=ice-pwd:asd88fgpdd777uzjYhagZg
            m=audio 1 RTP/AVP 0
            m=audio 1 RTP/AVP 0
            a=sendonly
            a=setup:active
            m=audio 1 RTP/AVP 0
            a=ice-ufrag:9uB6
            """
        )
        #expect(session.media.map { session.direction(of: $0) } == [.receiveOnly, .sendOnly, .receiveOnly])
        #expect(session.media.map { session.first(SetupRole.self, of: $0) } == [.passive, .active, .passive])
        #expect(session.iceCredentials(of: session.media[0])?.usernameFragment == "8hhY")
        #expect(session.value(.iceUsernameFragment, of: session.media[2]) == "9uB6")
        #expect(try Text.session("m=audio 1 RTP/AVP 0").media[0].attributes.direction == nil)
    }

    @Test(arguments: [
        // Bare line feeds, and none behind the last line.
        "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\nm=audio 1 RTP/AVP 0",
        // Lines that are not there, or have nothing in them.
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=\r\nm=audio 1 RTP/AVP 0\r\n",
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nm=audio 1 RTP/AVP 0\r\n",
        // Empty lines at the end.
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 1 RTP/AVP 0\r\n\r\n\r\n",
        "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\nm=audio 1 RTP/AVP 0\n\n\r\n",
        // Blanks where none belong, letters of the other case.
        "v=0 \r\no=- 1 1 in ip4 192.0.2.1 \r\ns=-\r\nt=0  0 \r\nm=audio 1  RTP/AVP 0 \r\n",
        // No user name, and an end cut in half.
        "v=0\r\no= 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 1 RTP/AVP 0\r",
    ])
    func `is read as its peers write it`(text: String) throws {
        let session = try SessionDescription.parse(Array(text.utf8))
        #expect(session == (try Text.session("m=audio 1 RTP/AVP 0")))
    }

    @Test func `may have its lines in any order that means the same`() throws {
        let session = try Text.session(
            """
            a=tool:x
            b=AS:1
            c=IN IP4 192.0.2.1
            m=audio 1 RTP/AVP 0
            a=sendonly
            c=IN IP4 192.0.2.2
            b=AS:2
            i=second
            """
        )
        #expect(session.connection?.address == .ipv4("192.0.2.1"))
        #expect(session.media[0].info == "second")
        #expect(session.media[0].bandwidths == [SDPBandwidth("AS", 2)])
        #expect(try SessionDescription.parse(session.octets) == session)
    }

    @Test func `carries what it does not understand`() throws {
        let session = try Text.session(
            """
            x=session
            a=X-what ever:it is
            a=:no name
            m=audio 1 RTP/AVP 0
            a=new:thing
            A=capital
            a=
            """
        )
        #expect(session.otherLines.map(\.value) == ["session", "X-what ever:it is", ":no name"])
        #expect(session.media[0].otherLines.map(\.type) == [UInt8(ascii: "A"), UInt8(ascii: "a")])
        #expect(session.media[0].attributes["new"] == "thing")
        let printed = session.description
        for line in ["x=session", "a=X-what ever:it is", "A=capital", "a=new:thing"] {
            #expect(printed.contains("\r\n\(line)\r\n"))
        }
        #expect(try SessionDescription.parse(session.octets) == session)
    }

    @Test func `never lets a value break out of its line`() throws {
        var session = try Text.session("m=message 1 TCP/MSRP *")
        session.name = "a\r\nm=video 1 RTP/AVP 0"
        session.info = "b\u{0}c"
        session.origin.username = "\n"
        session.media[0].formats = ["0\r\na=x", ""]
        session.media[0].attributes = [SDPAttribute("x", "y\nz"), SDPAttribute(SDPAttributeName("p q\r\n"))]
        let again = try SessionDescription.parse(session.octets)
        #expect(again.media.count == 1)
        #expect(again.name == "a  m=video 1 RTP/AVP 0")
        #expect(again.info == "b c")
        #expect(again.media[0].attributes.elements.map(\.description) == ["x:y z", "p-q--"])
    }
}
