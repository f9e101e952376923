import SDP
import Testing

@Suite("Attributes")
struct AttributeTests {
    @Test func `keep their order and what they were`() throws {
        var attributes = try Text.medium("m=audio 1 x y\na=b:1\na=a\na=B:2\na=c:").attributes
        #expect(attributes["b"] == "1" && attributes["C"] == "" && attributes["a"] == nil)
        #expect(attributes[flag: "A"] && !attributes[flag: "d"])
        #expect(attributes.all("b") == ["1", "2"])
        attributes["b"] = "3"
        attributes[flag: "d"] = true
        attributes[flag: "a"] = false
        attributes["none"] = nil
        #expect(attributes.elements.map(\.description) == ["b:3", "c:", "d"])
        #expect(SDPAttribute("a") != SDPAttribute("a", ""))
    }

    @Test func `are set in the place of the first`() {
        var attributes: SDPAttributes = [
            SDPAttribute("first"), SDPAttribute(.setup, "active"), SDPAttribute("last"),
            SDPAttribute(.setup, "x"),
        ]
        #expect(attributes.setup == .active)
        attributes.setup = .passive
        #expect(attributes.elements.map(\.description) == ["first", "setup:passive", "last"])
        attributes.setup = nil
        #expect(attributes.setup == nil && attributes.elements.count == 2)
        attributes.append(MediaGroup(MediaGroup.bundle, ["a", "b"]))
        #expect(attributes.groups == [MediaGroup("BUNDLE", ["a", "b"])])
        #expect(attributes.elements.last?.description == "group:BUNDLE a b")
    }

    @Test func `that cannot be read are passed over`() throws {
        let attributes = try Text.medium(
            "m=audio 1 RTP/AVP 0 8\na=rtpmap:x\na=rtpmap:0 PCMU/8000\na=rtpmap:300 X/1\na=rtpmap\na=rtpmap: 8 PCMA/8000 "
        ).attributes
        #expect(attributes.rtpMaps == [RTPMap(0, "PCMU", 8000), RTPMap(8, "PCMA", 8000)])
        #expect(attributes.elements.count == 5)
    }

    @Test func `say which way media flow`() throws {
        var attributes: SDPAttributes = [SDPAttribute("x"), SDPAttribute(.sendOnly), SDPAttribute(.inactive)]
        #expect(attributes.direction == .sendOnly)
        attributes.direction = .receiveOnly
        #expect(attributes.elements.map(\.description) == ["x", "recvonly"])
        attributes.direction = nil
        #expect(attributes.direction == nil)
        #expect(MediaDirection.sendOnly.reversed == .receiveOnly)
        #expect(MediaDirection.inactive.reversed == .inactive)
        #expect(MediaDirection.sendReceive.limited(by: .sendOnly) == .receiveOnly)
        #expect(MediaDirection.sendOnly.limited(by: .sendOnly) == .inactive)
        #expect(MediaDirection.sendReceive.limited(by: .sendReceive) == .sendReceive)
    }

    @Test func `of a browser's offer can all be read`() throws {
        let session = try Text.parse(Examples.browser)
        let audio = session.media[0].attributes
        #expect(session.attributes.groups == [MediaGroup("BUNDLE", ["0", "1"])])
        #expect(session.attributes[flag: .extensionMapAllowMixed])
        #expect(audio.rtcp == RTCPAddress(port: 9, connection: SDPConnection(.ipv4("0.0.0.0"))))
        #expect(audio.candidates.count == 2)
        #expect(audio.candidates[0].kind == .serverReflexive && audio.candidates[0].transport == "UDP")
        #expect(audio.candidates[0].value(of: "generation") == "0" && audio.candidates[0].relatedPort == 0)
        #expect(audio.candidates[1].value(of: "TCPType") == "active")
        #expect(audio.candidates[1].address == .ipv6("2001:db8::9"))
        // `=` is no character of ICE.
        #expect(audio.iceCredentials == nil)
        #expect(audio.iceOptions == ["trickle"])
        #expect(audio.fingerprints.first?.digest.count == 32)
        #expect(audio.setup == .either && audio.mid == "0" && audio.direction == .sendReceive)
        #expect(audio.headerExtensions.map(\.id) == [1, 4])
        #expect(audio.headerExtensions[1].direction == .receiveOnly)
        #expect(audio[flag: .rtcpMux] && audio[flag: .rtcpReducedSize])
        #expect(audio.rtcpFeedback == [RTCPFeedback(111, "transport-cc"), RTCPFeedback(nil, "nack", "pli")])
        #expect(audio.formatParameters.first?.value("useinbandfec") == "1")
        #expect(audio.packetTime == 20 && audio.maxPacketTime == nil)
        #expect(audio.sourceGroups == [SourceGroup("FID", [3_735_928_559, 4_276_993_775])])
        #expect(audio.sourceAttributes == [SourceAttribute(3_735_928_559, "cname", "4TOk42mSjXCkVIa6")])
        #expect(audio.rtpMaps.first?.channels == 2)
        #expect(session.media[1].attributes[flag: .bundleOnly])
        #expect(session.media[1].attributes[flag: .endOfCandidates])
    }

    @Test func `of ICE name candidates and secrets`() throws {
        let session = try Text.parse(Examples.rfc8839)
        #expect(
            session.attributes.iceCredentials
                == ICECredentials(usernameFragment: "8hhY", password: "asd88fgpdd777uzjYhagZg")
        )
        let medium = session.media[0].attributes
        #expect(medium.candidates.map(\.kind) == [.host, .serverReflexive])
        #expect(medium.candidates[1].relatedAddress == .ipv4("203.0.113.141"))
        #expect(medium.remoteCandidates?.candidates.map(\.component) == [1, 2])
        var attributes = SDPAttributes()
        attributes.iceCredentials = ICECredentials(usernameFragment: "a", password: "b")
        attributes.iceOptions = ["ice2", "trickle"]
        #expect(
            attributes.elements.map(\.description) == [
                "ice-ufrag:a", "ice-pwd:b", "ice-options:ice2 trickle",
            ]
        )
        attributes.iceCredentials = nil
        attributes.iceOptions = []
        #expect(attributes.isEmpty)
    }

    @Test func `of MSRP say what is taken and where`() throws {
        var attributes = try Text.parse(Examples.rfc4975).media[0].attributes
        #expect(attributes.msrpPath?.uris == ["msrp://alice.example.com:7394/2s93i9ek2a;tcp"])
        #expect(attributes.maxSize == 8000 && attributes[flag: .msrpCEMA] && attributes.setup == .either)
        let types = try #require(attributes.acceptTypes)
        #expect(types.accepts("Text/Plain;charset=utf-8") && !types.accepts("text/html"))
        #expect(attributes.acceptWrappedTypes?.types == ["text/html", "message/imdn+xml"])
        let some: AcceptedTypes = ["text/*", "image/png;x=\"a b\""]
        #expect(some.accepts("text/html") && some.accepts("IMAGE/PNG") && !some.accepts("image/gif"))
        #expect(!some.accepts("text") && (["*"] as AcceptedTypes).accepts("x/y"))
        #expect(AcceptedTypes(parsing: some.description) == some)
        #expect(AcceptedTypes(parsing: " ") == nil && AcceptedTypes(parsing: "a/b;c=\"") == nil)
        attributes.chatRoom = ["nickname", "private-messages"]
        #expect(attributes[.chatRoom] == "nickname private-messages")
        attributes.chatRoom = []
        #expect(attributes.chatRoom == [])
        attributes.chatRoom = nil
        #expect(attributes.chatRoom == nil)
    }

    @Test func `of a file transfer name the file`() throws {
        let attributes = try Text.parse(Examples.rfc5547Offer).media[0].attributes
        let selector = try #require(attributes.fileSelector)
        #expect(
            selector.name == "My cool picture.jpg" && selector.type == "image/jpeg" && selector.size == 4092
        )
        #expect(selector.hashes.map(\.algorithm) == ["sha-1"] && selector.hashes[0].digest.count == 20)
        #expect(attributes.fileTransferID == "vBnG916bdberum2fFEABR1FR3ExZMUrd")
        #expect(
            attributes.fileDisposition == "attachment" && attributes.fileIcon == "cid:id2@alicepc.example.com"
        )
        #expect(attributes.fileDates?.creation == "Mon, 15 May 2006 15:01:31 +0300")
        #expect(attributes.fileRange == FileRange(start: 1, stop: 4092))
        let query = try Text.parse(Examples.rfc5547Query).media[0].attributes
        #expect(query.fileSelector?.isEmpty == true)
        #expect(SDPAttribute(FileSelector()).description == "file-selector")
        #expect(FileSelector(name: "50%\r\n\"é\".txt").description == "name:\"50%25%0D%0A%22é%22.txt\"")
        #expect(FileSelector(parsing: "name:\"50%25%0D%0A%22é%22.txt\"")?.name == "50%\r\n\"é\".txt")
    }

    @Test func `of SRTP hold keys`() throws {
        let session = try Text.parse(Examples.rfc4568)
        let crypto = try #require(session.media[0].attributes.crypto.first)
        let key = try #require(crypto.inlineKeys?.first)
        #expect(crypto.tag == 1 && crypto.suite == "AES_CM_128_HMAC_SHA1_80")
        #expect(key.keyAndSalt.count == 30 && key.lifetime == "2^20")
        #expect(key.mki == InlineKey.MasterKeyIdentifier(value: 1, length: 32))
        #expect(key.key == crypto.keys[0])
        let two = "2 F8_128_HMAC_SHA1_80 inline:MTIzNDU2|1:4;inline:QUJjZGVm|2:4 FEC_ORDER=FEC_SRTP"
        let several = try #require(CryptoAttribute(parsing: two))
        #expect(several.inlineKeys?.map(\.mki?.value) == [1, 2])
        #expect(several.sessionParameters == ["FEC_ORDER=FEC_SRTP"])
        for bad in ["x", "MTIz|2^x", "MTIz|1|2", "MTIz|1:0", "MTIz|1:2|3", "MTIz|", "MTIz|1:2:3", "MTI"] {
            #expect(InlineKey(CryptoKey(method: "inline", information: bad)) == nil, "\(bad)")
        }
        #expect(InlineKey(CryptoKey(method: "other", information: "MTIz")) == nil)
    }

    @Test func `of connections say who opens them`() {
        #expect(SetupRole.either.answers.first == .active && SetupRole.active.answers == [.passive, .hold])
        #expect(SetupRole.passive.answers.first == .active && SetupRole.hold.answers == [.hold])
        var attributes: SDPAttributes = [SDPAttribute(.connection, "NEW "), SDPAttribute(.tlsID, "abc3de65")]
        #expect(attributes.connectionReuse == .new && attributes.tlsID == "abc3de65")
        attributes.connectionReuse = .existing
        attributes.fingerprints = [Fingerprint("SHA-1", [0x4A, 0xAD])]
        #expect(
            attributes.elements.map(\.description) == [
                "connection:existing", "tls-id:abc3de65", "fingerprint:sha-1 4A:AD",
            ]
        )
    }
}
