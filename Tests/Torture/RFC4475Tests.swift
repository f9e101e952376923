import SIPGrammar
import Testing

/// What RFC 4475 says about the values in its messages.
@Suite("RFC 4475")
struct RFC4475Tests {
    @Test func `3.1.1.1 white space, folding and short forms`() throws {
        let request = try TortureFile.request("rfc4475/wsinv")
        let mandatory = try request.mandatory()
        #expect(mandatory.maxForwards == 68)
        #expect(mandatory.cSeq == SIPCSeq(9, .invite))
        #expect(mandatory.to.tag == "1918181833n")
        #expect(mandatory.from.displayName == "J Rosenberg \\\"")
        #expect(mandatory.from.tag == "98asjd8")
        let vias = try request.headers.vias()
        #expect(vias.map(\.transport) == ["UDP", "TCP", "UDP"])
        #expect(vias.map(\.branch) == ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"])
        #expect(vias.map(\.hasUniqueBranch) == [false, true, true])
        #expect(request.headers[.subject]?.isEmpty == true)
        #expect(request.headers["NewFangledHeader"] == "newfangled value continued newfangled value")
        #expect(request.headers["UnknownHeaderWithUnusualValue"] == ";;,,;;,;")
        let contact = try #require(try request.headers.contacts().first)
        #expect(contact.displayName == "Quoted string \"\"")
        #expect(contact.parameters.value("newparam") == "newvalue")
        #expect(contact.parameters.contains("secondparam"))
        #expect(contact.parameters.value("q") == "0.33")
        #expect(try request.headers.routes().first?.uri.sip?.isLooseRouter == true)
        #expect(request.body.count == 150)
    }

    @Test func `3.1.1.2 unusual characters`() throws {
        let request = try TortureFile.request("rfc4475/intmeth")
        #expect(request.method == SIPMethod("!interesting-Method0123456789_*+`.%indeed'~"))
        #expect(request.uri.sip?.user == "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*")
        #expect(request.uri.sip?.password == "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)")
        let mandatory = try request.mandatory()
        #expect(mandatory.to.displayName == "BEL:\u{7} NUL:\0 DEL:\u{7F}")
        #expect(mandatory.from.displayName == "token1~` token2'+_ token3*%!.-")
        #expect(mandatory.from.parameters.text("fromParam''~+*_!.-%") == "работающий")
        #expect(mandatory.from.tag == "_token~1'+`*%!-.")
        #expect(mandatory.callID == "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{")
        #expect(request.headers["extensionHeader-!.%*+_`'~"] == "\u{FEFF}大停電")
    }

    @Test func `3.1.1.3 and 5 escapes are undone once, and in URIs alone`() throws {
        let first = try TortureFile.request("rfc4475/esc01")
        #expect(first.uri.sip?.decodedUser == Array("sips:user@example.com".utf8))
        #expect(first.uri.sip?.host == .name("example.net"))
        #expect(try first.headers.from().uri.sip?.decodedUser == Array("I have spaces".utf8))
        let second = try TortureFile.request("rfc4475/esc02")
        #expect(second.method.name == "RE%47IST%45R")
        #expect(second.method != .register)
        #expect(try second.headers.from().displayName == "%Z%45")
        #expect(try second.headers.contacts().count == 2)
    }

    @Test func `3.1.1.4 an escaped NUL cuts nothing`() throws {
        let request = try TortureFile.request("rfc4475/escnull")
        let users = try request.headers.contacts().map { $0.uri.sip?.decodedUser }
        #expect(users == [[0], [0, 0]])
        #expect(try request.headers.to().uri.sip?.decodedUser == Array("null-\0-null".utf8))
    }

    @Test func `3.1.1.6 to 8 no space, long values, octets behind the message`() throws {
        #expect(try TortureFile.request("rfc4475/lwsdisp").headers.from().displayName == "caller")
        let long = try TortureFile.request("rfc4475/longreq")
        #expect(try long.headers.vias().count == 34)
        #expect(try long.headers.from().tag?.utf8.count == 155)
        let double = try TortureFile.request("rfc4475/dblreq")
        #expect(double.method == .register)
        #expect(double.body.isEmpty)
    }

    @Test func `3.1.1.9 and 10 semicolons in the user part, unknown transports`() throws {
        let semicolon = try #require(try TortureFile.request("rfc4475/semiuri").uri.sip)
        #expect(semicolon.decodedUser == Array("user;par=u@example.net".utf8))
        #expect(semicolon.parameters.isEmpty)
        let accepted = try TortureFile.request("rfc4475/semiuri").headers.list(.accept)
        #expect(accepted.count == 6 && accepted.last == "message/sipfrag")
        let transports = try TortureFile.request("rfc4475/transports").headers.vias().map(\.transport)
        #expect(transports == ["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"])
    }

    @Test func `3.1.1.11 a binary body`() throws {
        let request = try TortureFile.request("rfc4475/mpart01")
        #expect(request.body.count == 553)
        #expect(request.body.contains(0))
        #expect(try request.headers.contentType()?.parameter("boundary") == "7a9cbec02ceef655")
    }

    @Test func `3.1.1.12 and 13 unusual and empty reason phrases`() throws {
        let unusual = try TortureFile.response("rfc4475/unreason")
        #expect(unusual.reason == "= 2**3 * 5**2 но сто девяносто девять - простое")
        #expect(try TortureFile.response("rfc4475/noreason").reason.isEmpty)
    }

    @Test func `3.1.2.15 a display name that needs quotes`() throws {
        let octets = try TortureFile.octets("rfc4475/baddn") + Array("\r\n".utf8)
        guard case .request(let request) = try SIPMessage.parse(octets) else { throw TortureFile.Other() }
        let error = #expect(throws: SIPSyntaxError.self) { try request.mandatory() }
        #expect(error?.phrase == "Bad From Header")
    }

    @Test(arguments: [
        "insuf", "badvers", "quotbal", "multi01", "mcl01", "ncl", "escruri", "lwsstart", "badinv01",
    ])
    func `leaves enough of a request to answer it`(name: String) throws {
        let octets = try TortureFile.octets("rfc4475/\(name)")
        let salvage = try #require(SIPMessage.salvage(octets))
        #expect(salvage.headers.contains(.via) && salvage.headers.contains(.cSeq))
        let answer = salvage.response(to: SIPSyntaxError(.value), toTag: "t")
        #expect(throws: Never.self) { try SIPMessage.parse(answer.octets) }
    }

    @Test func `3.3.10 more than one Via in a response`() throws {
        let vias = try TortureFile.response("rfc4475/bcast").headers.vias()
        #expect(vias.map(\.host) == [.ipv4("192.0.2.198"), .ipv4("255.255.255.255")])
    }

    @Test func `3.3.12 to 14 parameters and headers of a Contact`() throws {
        let outside = try #require(try TortureFile.request("rfc4475/cparam01").headers.contacts().first)
        #expect(outside.parameters.contains("unknownparam"))
        #expect(outside.uri.sip?.parameters.isEmpty == true)
        let inside = try #require(try TortureFile.request("rfc4475/cparam02").headers.contacts().first)
        #expect(inside.parameters.isEmpty)
        #expect(inside.uri.sip?.parameters.contains("unknownparam") == true)
        let escaped = try #require(try TortureFile.request("rfc4475/regescrt").headers.contacts().first)
        #expect(escaped.uri.sip?.headers == "Route=%3Csip:sip.example.com%3E")
    }

    @Test func `3.4.1 a request of RFC 2543`() throws {
        let request = try TortureFile.request("rfc4475/inv2543")
        let mandatory = try request.mandatory()
        #expect(mandatory.via.branch == nil)
        #expect(mandatory.from.tag == nil)
        #expect(mandatory.maxForwards == nil)
        #expect(String(decoding: request.body, as: UTF8.self).hasSuffix("RTP/AVP 0\r\n"))
    }

    @Test func `on a stream a length that lies ends or delays`() throws {
        var waiting = SIPStreamFramer()
        waiting.append(try TortureFile.octets("rfc4475/clerr"))
        #expect(try waiting.next() == nil)
        #expect(waiting.isInsideMessage)
        for name in ["ncl", "mcl01", "inv2543"] {
            var framer = SIPStreamFramer()
            framer.append(try TortureFile.octets("rfc4475/\(name)"))
            let error = #expect(throws: SIPSyntaxError.self) { try framer.next() }
            #expect(error?.header == .contentLength)
            #expect(SIPMessage.salvage(framer.unframed) != nil)
        }
    }
}
