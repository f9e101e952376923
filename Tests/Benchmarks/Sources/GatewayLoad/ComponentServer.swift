import Glibc

/// The XMPP server's end of one component link (XEP-0114): takes any handshake, then counts stanzas and sends some.
///
/// Everything is scanned for, nothing parsed: a load generator that shares the processors must not be the load.
final class ComponentServer {
    private enum State {
        case listening
        case awaitingHeader
        case awaitingHandshake
        case open
        case closed
    }

    private var state = State.listening
    private let listener: Int32
    private var connection: Int32 = -1
    private var input = [UInt8](repeating: 0, count: 1 << 20)
    private var filled = 0
    private var output: [UInt8] = []
    private var flushed = 0

    init?(port: UInt16) {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let bound = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard bound == 0, listen(listener, 1) == 0 else { return nil }
        output.reserveCapacity(1 << 20)
    }

    var isOpen: Bool { state == .open }
    var isClosed: Bool { state == .closed }
    /// What to poll, and whether for writing too.
    var descriptor: Int32 { connection < 0 ? listener : connection }
    var wantsToWrite: Bool { flushed < output.count }

    func send(_ octets: some Sequence<UInt8>) {
        output.append(contentsOf: octets)
    }

    func flush() {
        while flushed < output.count {
            let count = unsafe output.withUnsafeBytes { octets in
                unsafe Glibc.send(
                    connection,
                    octets.baseAddress?.advanced(by: flushed),
                    octets.count - flushed,
                    Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
                )
            }
            guard count > 0 else { return }
            flushed += count
        }
        output.removeAll(keepingCapacity: true)
        flushed = 0
    }

    /// Reads what has come.
    ///
    /// Once the link is open, `scan` gets what is unread and says how much of it is done with.
    func receive(_ scan: (UnsafeRawBufferPointer) -> Int) {
        guard state != .listening else { return accept() }
        let count = unsafe input.withUnsafeMutableBytes { place in
            unsafe recv(
                connection,
                place.baseAddress?.advanced(by: filled),
                place.count - filled,
                Int32(MSG_DONTWAIT)
            )
        }
        guard count > 0 else {
            if count == 0 || errno != EAGAIN { state = .closed }
            return
        }
        filled += count
        let used = unsafe input.withUnsafeBytes { octets in
            let unread = unsafe UnsafeRawBufferPointer(rebasing: octets[..<filled])
            return unsafe isOpen ? scan(unread) : negotiate(unread)
        }
        input.replaceSubrange(0..<filled - used, with: Array(input[used..<filled]))
        filled -= used
    }

    private func accept() {
        connection = Glibc.accept(listener, nil, nil)
        guard connection >= 0 else { return }
        // As servers do: a stanza that waits for the acknowledgement of the one before would be measured as ours.
        var yes: Int32 = 1
        unsafe setsockopt(
            connection,
            Int32(IPPROTO_TCP),
            TCP_NODELAY,
            &yes,
            socklen_t(MemoryLayout<Int32>.size)
        )
        state = .awaitingHeader
    }

    private func negotiate(_ octets: UnsafeRawBufferPointer) -> Int {
        if state == .awaitingHeader, let end = unsafe Needle("jabber:component:accept").end(in: octets),
            let closed = unsafe Needle(">").end(in: octets, from: end)
        {
            send(
                """
                <?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' \
                xmlns:stream='http://etherx.jabber.org/streams' from='sip.example' id='load'>
                """.utf8
            )
            flush()
            state = .awaitingHandshake
            return closed
        }
        if state == .awaitingHandshake, let end = unsafe Needle("</handshake>").end(in: octets) {
            send("<handshake/>".utf8)
            flush()
            state = .open
            return end
        }
        return 0
    }
}
