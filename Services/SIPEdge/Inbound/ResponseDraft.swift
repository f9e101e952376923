import BusContract
import NIOCore
import SIPGrammar
import SIPTransport

/// What all responses to one request have in common, written already (RFC 3261 section 8.2.6.2), and the way back.
struct ResponseDraft {
    let via: SIPVia
    let origin: MessageOrigin
    private let copied: [UInt8]

    init(to received: ReceivedRequest, toTag: String) {
        via = received.mandatory.via
        origin = received.origin
        var octets: [UInt8] = []
        octets.reserveCapacity(512)
        for field in received.request.headers.fields {
            switch field.name {
            case .via, .from, .callID, .cSeq, .timestamp: Self.write(field, into: &octets)
            case .to:
                Self.write(field, into: &octets)
                guard received.mandatory.to.tag == nil else { continue }
                octets.removeLast(2)
                octets.append(contentsOf: ";tag=\(toTag)\r\n".utf8)
            default: break
            }
        }
        copied = octets
    }

    /// The response with this answer, which has no body.
    func octets(_ answer: SIPAnswer) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(copied.count + 128)
        let status = min(max(answer.status, 100), 699)
        octets.append(contentsOf: "SIP/2.0 \(status) ".utf8)
        for octet in (answer.reason ?? SIPStatus.phrase(status)).utf8 {
            octets.append(octet < 32 ? 32 : octet)
        }
        octets.append(contentsOf: "\r\n".utf8)
        octets.append(contentsOf: copied)
        for field in answer.headers.fields where Self.isOurs(field.name) { Self.write(field, into: &octets) }
        octets.append(contentsOf: "Content-Length: 0\r\n\r\n".utf8)
        return octets
    }

    /// Whether an answer may add a field: those that the request decides, it may not.
    private static func isOurs(_ name: SIPHeaderName) -> Bool {
        switch name {
        case .via, .from, .to, .callID, .cSeq, .contentLength: false
        default: true
        }
    }

    private static func write(_ field: SIPHeaderField, into octets: inout [UInt8]) {
        octets.append(contentsOf: field.name.text.utf8)
        octets.append(UInt8(ascii: ":"))
        octets.append(UInt8(ascii: " "))
        octets.append(contentsOf: field.value.utf8)
        octets.append(13)
        octets.append(10)
    }
}
