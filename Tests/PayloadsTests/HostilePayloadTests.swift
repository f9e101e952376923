import Payloads
import TestKit
import Testing
import XMPPGrammar

/// Whatever comes, nothing traps, and what comes out can be read.
@Suite("Hostile payloads")
struct HostilePayloadTests {
    /// Random octets, mostly of those that mean something here.
    private func octets(_ random: inout SplitMix64) -> [UInt8] {
        let pieces = [
            "--b", "--b--", "\r\n", "\n", ": ", ";", "=", "\"", "\\", "<", ">", "&", "&#x", "a",
            "Content-Type: ", "text/html",
            "multipart/mixed; boundary=b", "Content-Transfer-Encoding: base64", "quoted-printable", "NS: ",
            "From: ", "To: ",
            "<sip:a@b>", "\\u00", "imdn.", "<p>", "</p>", "<a href=", "style='", "2008-11-14T10:15:00Z", "(",
            ")", "é", "日",
        ]
        var octets: [UInt8] = []
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            if Bool.random(using: &random) {
                octets += Array((pieces.randomElement(using: &random) ?? "").utf8)
            } else {
                octets.append(UInt8.random(in: 0...255, using: &random))
            }
        }
        return octets
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `random fields are read or refused, and what is printed reads the same`(_ seed: UInt64) {
        let pieces = [
            "a", "/", ";", "=", "\"", "\\", "(", ")", " ", "charset", "*", "utf-8''", "%41", "%", "é", "\r\n",
            "\u{0}",
        ]
        var random = SplitMix64(seed: seed)
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            _ = ContentDisposition(parsing: text).filename
            guard let type = MediaType("a/b;" + text) else { continue }
            let again = MediaType(type.description)
            #expect(
                again?.essence == type.essence && again?.parameters.count == type.parameters.count,
                "\(text.debugDescription)"
            )
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `random octets are read or refused`(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<200 {
            let octets = octets(&random)
            let text = String(decoding: octets, as: UTF8.self)
            let type = MediaType("multipart", "mixed", parameters: [MIMEParameter("boundary", "b")])
            if let entity = try? MIMEEntity(parsing: octets, as: type) { _ = entity.octets }
            if let message = try? CPIMMessage(parsing: octets) {
                let again = try CPIMMessage(parsing: message.octets)
                #expect(
                    again.from == message.from && again.to == message.to,
                    "seed \(seed): \(text.debugDescription)"
                )
                #expect(again.dateTime == message.dateTime)
            }
            for name in ["utf-8", "utf-16", "windows-1252", "iso-8859-1"] {
                #expect(Charset.decode(octets, as: name) != nil)
            }
            _ = try? ContentCoding.decode(octets, coding: "deflate")
            _ = try? ContentCoding.decode([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + octets, coding: "gzip")
            _ = XMPPDateTime.parse(text)
            _ = RFC1123Date.parse(text)
            let html = HTMLText(text)
            #expect(XMLText.isClean(html.plain))
            if let xhtml = html.xhtml { _ = HTMLText.octets(of: xhtml) }
            if let parts = TextSplitter.parts(of: text, maximum: 20) {
                #expect(Array(parts.joined().utf8) == Array(text.utf8))
            }
        }
    }
}
