/// XMPP to SIP: every user's next stanza goes out when the last arrived as MESSAGE; each MESSAGE is answered 200.
final class LoadToSIP: Load {
    var tally = Tally()
    var conversations: Conversations

    private let filling: String
    private let gatewayPort: UInt16
    private let datagrams: DatagramSocket
    private let component: ComponentServer
    private let text = Needle("\r\n\r\n")
    private let identifier = Needle(" id=")

    init(_ settings: LoadSettings, datagrams: DatagramSocket, component: ComponentServer) {
        conversations = Conversations(users: settings.users)
        filling = String(MessageText.padded(to: settings.textLength).dropFirst(Marker.length))
        gatewayPort = settings.gatewayPort
        self.datagrams = datagrams
        self.component = component
    }

    func start(_ marker: Marker) {
        tally.sent += 1
        let user = String(10_000 + marker.user).dropFirst()
        let mark = "LD\(user)-\(String(100_000_000 + marker.sequence).dropFirst())"
        component.send(
            """
            <message from='x\(user)@wonder.example/load' to='u\(user)@sip.example' type='chat' id='\(mark)'>\
            <body>\(mark)\(filling)</body></message>
            """.utf8
        )
    }

    /// The link is TCP: nothing is repeated; what does not arrive is lost.
    func repeatMessage(_ marker: Marker) {}

    func heardDatagram(_ octets: UnsafeRawBufferPointer, now: Int64) {
        guard unsafe SIPText.status(of: octets) == nil, let end = unsafe text.end(in: octets),
            let marker = unsafe Marker(octets, at: end)
        else { return }
        unsafe datagrams.send(to: gatewayPort) { unsafe SIPText.writeOK(to: octets, into: $0) }
        guard conversations.arrive(marker) else {
            tally.retransmissions += 1
            return
        }
        tally.arrived += 1
        guard let taken = conversations.finish(marker, now: now) else { return }
        tally.completed += 1
        tally.latencies.add(taken)
    }

    /// The gateway's stanzas are errors here; they bear the id of what they answer.
    func heardStream(_ octets: UnsafeRawBufferPointer, now: Int64) -> Int {
        var used = 0
        while let end = unsafe identifier.end(in: octets, from: used) {
            guard end + 1 + Marker.length <= octets.count else { return end - 4 }
            used = end
            guard let marker = unsafe Marker(octets, at: end + 1),
                conversations.finish(marker, now: now) != nil
            else {
                continue
            }
            tally.refused += 1
        }
        return max(used, octets.count - 3)
    }
}
