/// SIP to XMPP: every user's next MESSAGE goes out when the last was answered 202.
final class LoadToXMPP: Load {
    var tally = Tally()
    var conversations: Conversations

    private let template: MessageTemplate
    private let gatewayPort: UInt16
    private let datagrams: DatagramSocket
    private let branch = Needle("z9hG4bK")
    private let text = Needle(">LD")

    init(_ settings: LoadSettings, datagrams: DatagramSocket) {
        conversations = Conversations(users: settings.users)
        template = MessageTemplate(sipPort: settings.sipPort, textLength: settings.textLength)
        gatewayPort = settings.gatewayPort
        self.datagrams = datagrams
    }

    func start(_ marker: Marker) {
        tally.sent += 1
        transmit(marker)
    }

    func repeatMessage(_ marker: Marker) {
        tally.retransmissions += 1
        transmit(marker)
    }

    func heardDatagram(_ octets: UnsafeRawBufferPointer, now: Int64) {
        guard let status = unsafe SIPText.status(of: octets), status >= 200,
            let end = unsafe branch.end(in: octets), let marker = unsafe Marker(octets, at: end),
            let taken = conversations.finish(marker, now: now)
        else { return }
        guard status < 300 else {
            tally.refused += 1
            return
        }
        tally.completed += 1
        tally.latencies.add(taken)
    }

    func heardStream(_ octets: UnsafeRawBufferPointer, now: Int64) -> Int {
        var used = 0
        while let end = unsafe text.end(in: octets, from: used) {
            guard end - 2 + Marker.length <= octets.count else { return end - 3 }
            used = end
            guard let marker = unsafe Marker(octets, at: end - 2) else { continue }
            if conversations.arrive(marker) { tally.arrived += 1 } else { tally.repeated += 1 }
        }
        return max(used, octets.count - 2)
    }

    private func transmit(_ marker: Marker) {
        unsafe datagrams.send(to: gatewayPort) { unsafe template.write(marker, into: $0) }
    }
}
