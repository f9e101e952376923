internal import CZeroMQ

extension ZeroMQSocket {
    /// Makes libzmq tell of this socket's connections to the socket that is returned; see ``ZeroMQEvent``.
    ///
    /// Whoever has it must read it, and call ``endWatch()`` before closing it: libzmq waits until its events are read.
    func watch(_ events: Int32) throws(BusError) -> ZeroMQSocket {
        let address = "inproc://watch-\(UInt64.random(in: .min ... .max))"
        guard unsafe zmq_socket_monitor(pointer, address, events) == 0 else { throw BusError.last(address) }
        do throws(BusError) {
            let monitor = try ZeroMQSocket(.pair, in: context)
            do throws(BusError) {
                try monitor.connect(address)
            } catch {
                monitor.close()
                throw error
            }
            return monitor
        } catch {
            endWatch()
            throw error
        }
    }

    /// Ends what ``watch(_:)`` began.
    func endWatch() {
        unsafe zmq_socket_monitor(pointer, nil, 0)
    }

    /// Blocks until one of the sockets has something to read or `descriptor` is readable; says whether that one is.
    static func wait(for sockets: [ZeroMQSocket], or descriptor: Int32) -> Bool {
        var items = unsafe sockets.map {
            unsafe zmq_pollitem_t(socket: $0.pointer, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
        }
        unsafe items.append(
            zmq_pollitem_t(socket: nil, fd: descriptor, events: Int16(ZMQ_POLLIN), revents: 0)
        )
        unsafe zmq_poll(&items, Int32(items.count), -1)
        return unsafe items[sockets.count].revents != 0
    }
}
