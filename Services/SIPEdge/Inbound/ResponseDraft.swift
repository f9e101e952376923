import BusContract
import NIOCore
import SIPGrammar
import SIPTransport

/// What all responses to one request have in common, written already (RFC 3261 section 8.2.6.2), and the way back.
struct ResponseDraft {
    let via: SIPVia
    let origin: MessageOrigin
    /// Fields up to To, and those behind it.
    private let copied: (head: [UInt8], tail: [UInt8])
    /// The tag for To, where the request has none and the answer names none.
    private let toTag: String?
    /// What an answer that begins a dialog repeats besides (RFC 3261 section 12.1.1).
    private let recordRoute: [UInt8]

    init(to received: ReceivedRequest, toTag: String) {
        via = received.mandatory.via
        origin = received.origin
        var (head, tail, recordRoute): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        tail.reserveCapacity(512)
        for field in received.request.headers.fields {
            switch field.name {
            case .to:
                head = tail
                Self.write(field, into: &head)
                tail = []
            case .via, .from, .callID, .cSeq, .timestamp: Self.write(field, into: &tail)
            case .recordRoute: Self.write(field, into: &recordRoute)
            default: break
            }
        }
        self.toTag = received.mandatory.to.tag == nil ? toTag : nil
        self.recordRoute = recordRoute
        copied = (head, tail)
    }

    /// The response with this answer.
    func octets(_ answer: SIPAnswer) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(copied.head.count + copied.tail.count + answer.body.count + 128)
        let status = min(max(answer.status, 100), 699)
        octets.append(contentsOf: "SIP/2.0 \(status) ".utf8)
        for octet in (answer.reason ?? SIPStatus.phrase(status)).utf8 {
            octets.append(octet < 32 ? 32 : octet)
        }
        octets.append(contentsOf: "\r\n".utf8)
        octets.append(contentsOf: copied.head)
        if let toTag {
            octets.removeLast(2)
            octets.append(contentsOf: ";tag=\(answer.toTag ?? toTag)\r\n".utf8)
        }
        octets.append(contentsOf: copied.tail)
        if answer.toTag != nil, (101..<300).contains(status) { octets.append(contentsOf: recordRoute) }
        for field in answer.headers.fields where Self.isOurs(field.name) { Self.write(field, into: &octets) }
        octets.append(contentsOf: "Content-Length: \(answer.body.count)\r\n\r\n".utf8)
        octets.append(contentsOf: answer.body)
        return octets
    }

    /// Whether an answer may add a field: those that the request decides, it may not.
    private static func isOurs(_ name: SIPHeaderName) -> Bool {
        switch name {
        case .via, .from, .to, .callID, .cSeq, .recordRoute, .contentLength: false
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
