import CDatagrams

/// The SIP users' one UDP socket.
@safe
final class DatagramSocket {
    private let socket: OpaquePointer

    init?(port: UInt16) {
        guard let socket = unsafe datagrams_open(port) else { return nil }
        unsafe self.socket = socket
    }

    deinit {
        unsafe datagrams_close(socket)
    }

    var descriptor: Int32 { unsafe datagrams_descriptor(socket) }

    /// Hands over every datagram that has arrived.
    func receive(_ body: (UnsafeRawBufferPointer) -> Void) {
        var count: Int32
        repeat {
            count = unsafe datagrams_receive(socket)
            for index in 0..<count {
                let length = unsafe datagrams_length(socket, index)
                unsafe body(UnsafeRawBufferPointer(start: datagrams_octets(socket, index), count: length))
            }
        } while count == DATAGRAMS_BATCH
    }

    /// Queues one datagram for the port; `write` fills its place and says how long it became.
    func send(to port: UInt16, _ write: (UnsafeMutableRawBufferPointer) -> Int) {
        let place = unsafe UnsafeMutableRawBufferPointer(
            start: datagrams_prepare(socket),
            count: Int(DATAGRAMS_SIZE)
        )
        let length = unsafe write(place)
        unsafe datagrams_queue(socket, length, port)
    }

    func flush() {
        unsafe datagrams_flush(socket)
    }
}
