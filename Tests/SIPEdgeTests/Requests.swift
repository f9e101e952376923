import NIOCore
import SIPGrammar
import SIPTransport

/// A MESSAGE whose parts can be changed one at a time.
struct Draft: CustomStringConvertible {
    var method = "MESSAGE"
    var uri = "sip:juliet@wonder.example"
    var via = "SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1;rport"
    var from = "\"Romeo\" <sip:romeo@sip.example>;tag=1"
    var to = "<sip:juliet@wonder.example>"
    var callID = "a@b"
    var cSeq = 1
    var maxForwards: String? = "70"
    var extra = ""
    var body = "hello"
    var transport = TransportProtocol.udp
    var address = "127.0.0.1"
    /// The domains that the peer's certificate is for.
    var proven: [String] = []

    func with(_ change: (inout Draft) -> Void) -> Draft {
        var draft = self
        change(&draft)
        return draft
    }

    var description: String { "\(method) \(uri) \(via) \(from) \(extra)" }

    var text: String {
        """
        \(method) \(uri) SIP/2.0\r
        Via: \(via)\r
        \(maxForwards.map { "Max-Forwards: \($0)\r\n" } ?? "")From: \(from)\r
        To: \(to)\r
        Call-ID: \(callID)\r
        CSeq: \(cSeq) \(method)\r
        Content-Type: text/plain\r
        \(extra)Content-Length: \(body.utf8.count)\r
        \r
        \(body)
        """
    }

    func received() throws -> ReceivedRequest {
        guard case .request(let request) = try SIPMessage.parse(Array(text.utf8)) else { throw NotARequest() }
        let peer = try SocketAddress(ipAddress: address, port: 5070)
        let path = transport == .udp ? MessageOrigin.Path.datagram(0) : .connection(ConnectionID(1))
        guard let origin = MessageOrigin(transport, path: path, peer: peer, proven: proven) else {
            throw NotARequest()
        }
        return ReceivedRequest(request: request, mandatory: try request.mandatory(), origin: origin)
    }
}

struct NotARequest: Error {}

extension String {
    /// The value of the first header field of a name.
    func field(_ name: String) -> String? {
        for line in split(separator: "\r\n") where line.hasPrefix("\(name): ") || line.hasPrefix("\(name):") {
            return String(line.dropFirst(name.count + 1).drop { $0 == " " })
        }
        return nil
    }

    var statusLine: String { split(separator: "\r\n").first.map { String($0) } ?? "" }
    var status: Int { Int(statusLine.dropFirst(8).prefix(3)) ?? 0 }
}
