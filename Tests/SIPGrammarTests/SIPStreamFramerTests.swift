import SIPGrammar
import Testing

@Suite("The framing of a stream")
struct SIPStreamFramerTests {
    private func message(_ body: String = "", fields: String...) -> [UInt8] {
        let lines = ["MESSAGE sip:a@b SIP/2.0", "Via: SIP/2.0/TCP h;branch=z9hG4bK1"] + fields
        return Array((lines.joined(separator: "\r\n") + "\r\nl: \(body.utf8.count)\r\n\r\n\(body)").utf8)
    }

    private func frames(_ framer: inout SIPStreamFramer) throws -> [SIPStreamFramer.Frame] {
        var frames: [SIPStreamFramer.Frame] = []
        while let frame = try framer.next() { frames.append(frame) }
        return frames
    }

    @Test func `takes messages that came at once apart`() throws {
        var framer = SIPStreamFramer()
        framer.append(message("one") + message("") + message("three"))
        let bodies = try frames(&framer).map { frame in
            guard case .message(let message) = frame else { return "?" }
            return String(decoding: message.body, as: UTF8.self)
        }
        #expect(bodies == ["one", "", "three"])
        #expect(!framer.isInsideMessage)
    }

    @Test func `puts a message that came octet by octet together`() throws {
        var framer = SIPStreamFramer()
        let octets = message("hello")
        for octet in octets.dropLast() {
            framer.append([octet])
            #expect(try framer.next() == nil)
            #expect(framer.isInsideMessage)
        }
        framer.append([octets[octets.count - 1]])
        #expect(try framer.next() == .message(SIPMessage.parse(octets)))
    }

    @Test(arguments: [1, 2, 3, 5, 7, 64])
    func `does not care how the octets are cut`(size: Int) throws {
        let octets = Array("\r\n\r\n".utf8) + message("a\r\n\r\nb") + Array("\r\n\r\n".utf8) + message()
        var framer = SIPStreamFramer()
        var messages: [SIPMessage] = []
        var pings = 0
        for start in stride(from: 0, to: octets.count, by: size) {
            framer.append(Array(octets[start..<min(start + size, octets.count)]))
            for frame in try frames(&framer) {
                if case .message(let message) = frame { messages.append(message) }
                if frame == .keepAlivePing { pings += 1 }
            }
        }
        #expect(messages == [try SIPMessage.parse(message("a\r\n\r\nb")), try SIPMessage.parse(message())])
        #expect(pings == 2)
    }

    @Test func `tells pings from pongs`() throws {
        var framer = SIPStreamFramer()
        framer.append(Array("\r\n\r\n".utf8))
        #expect(try frames(&framer) == [.keepAlivePing])
        framer.append(Array("\r\n".utf8))
        #expect(try frames(&framer) == [.pong])
        framer.append(Array("\r\n".utf8))
        #expect(try frames(&framer) == [.keepAlivePing], "the second half of a ping that came in two pieces")
        framer.append(Array("\r".utf8))
        #expect(try frames(&framer).isEmpty)
        framer.append(Array("\n".utf8) + message())
        #expect(try frames(&framer).first == .pong)
        framer.append(Array("\r\n\r\n\r\n\r\n".utf8))
        #expect(try frames(&framer) == [.keepAlivePing, .keepAlivePing])
    }

    @Test func `goes on behind a message that is broken but framed`() throws {
        var framer = SIPStreamFramer()
        let broken = message("body", fields: "no field")
        framer.append(broken + message("next"))
        let found = try frames(&framer)
        #expect(found.count == 2)
        guard case .malformed(let error, let octets) = found[0] else { return #expect(Bool(false)) }
        #expect(error.reason == .field)
        #expect(octets == broken)
        #expect(SIPMessage.salvage(octets)?.method == .message)
        #expect(found[1] == .message(try SIPMessage.parse(message("next"))))
    }

    @Test func `gives the place of a fault in its own message`() throws {
        let broken = message("body", fields: "no field")
        var alone = SIPStreamFramer()
        alone.append(broken)
        var second = SIPStreamFramer()
        second.append(message("first") + broken)
        _ = try second.next()
        #expect(try alone.next() == second.next())
    }

    @Test(arguments: [
        ("A sip:a SIP/2.0\r\nVia: x\r\n\r\n", SIPSyntaxError.Reason.missing),
        ("A sip:a SIP/2.0\r\nl: -1\r\n\r\n", .value),
        ("A sip:a SIP/2.0\r\nl: 1\r\nl: 2\r\n\r\n", .duplicate),
        ("A sip:a SIP/2.0\r\nl: 65536\r\n\r\n", .tooLarge),
        ("A sip:a SIP/2.0\r\nl: 9999999999999\r\n\r\n", .value),
        ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", .startLine),
        ("A sip:a SIP/2.0\r\nl: 1\r\nx: y\nl: 2\r\n\r\n", .control),
    ])
    func `ends where nobody can say what comes next`(text: String, reason: SIPSyntaxError.Reason) {
        var framer = SIPStreamFramer()
        framer.append(Array(text.utf8))
        let error = #expect(throws: SIPSyntaxError.self) { try framer.next() }
        #expect(error?.reason == reason)
        #expect(framer.unframed == Array(text.utf8))
        framer.append(message())
        let again = #expect(throws: SIPSyntaxError.self) { try framer.next() }
        #expect(again == error)
        #expect(!framer.isInsideMessage)
    }

    @Test func `does not wait for the end of a header section for ever`() throws {
        var framer = SIPStreamFramer(limits: SIPLimits(message: 1000))
        framer.append([UInt8](repeating: UInt8(ascii: "A"), count: 1000))
        #expect(try framer.next() == nil)
        framer.append([UInt8(ascii: "A")])
        #expect(throws: SIPSyntaxError(.tooLarge)) { try framer.next() }
        #expect(framer.unframed.count == 1000)
    }

    @Test func `does not look at slow octets again and again`() throws {
        var framer = SIPStreamFramer(limits: SIPLimits(message: 2_000_000, line: 2_000_000))
        framer.append(Array("A sip:a SIP/2.0\r\nX: ".utf8))
        // Quadratic, this would be some 10^11 steps.
        var early = 0
        for _ in 0..<500_000 {
            framer.append([UInt8(ascii: "x")])
            if try framer.next() != nil { early += 1 }
        }
        #expect(early == 0)
        framer.append(Array("\r\nl: 0\r\n\r\n".utf8))
        #expect(try framer.next() != nil)
    }

    @Test func `does not keep what it gave away`() throws {
        var framer = SIPStreamFramer()
        let octets = message(String(repeating: "x", count: 5000))
        for _ in 0..<200 {
            framer.append(octets + octets[..<100])
            #expect(try frames(&framer).count == 1)
            framer.append(Array(octets[100...]))
            #expect(try frames(&framer).count == 1)
            #expect(!framer.isInsideMessage)
        }
    }
}
