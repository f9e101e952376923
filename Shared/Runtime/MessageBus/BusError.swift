internal import CZeroMQ

/// The bus cannot be set up: what happened, and to which address.
package struct BusError: Error, Hashable, CustomStringConvertible {
    package enum Code: Hashable, Sendable {
        case addressInUse
        case badAddress
        case unencrypted
        /// A key that is none, or a libzmq without CURVE.
        case noEncryption
        case system(Int32)
    }

    package var code: Code
    package var address: String

    package init(_ code: Code, _ address: String) {
        self.code = code
        self.address = address
    }

    /// What libzmq's last call on this thread failed with.
    static func last(_ address: String) -> BusError {
        let number = zmq_errno()
        return switch number {
        case EADDRINUSE: BusError(.addressInUse, address)
        case EINVAL, ENODEV, EADDRNOTAVAIL, EPROTONOSUPPORT: BusError(.badAddress, address)
        default: BusError(.system(number), address)
        }
    }

    package var description: String {
        switch code {
        case .addressInUse: "bus address \(address) is in use; end the other broker or choose another address"
        case .badAddress: "bus address \(address) cannot be used on this host"
        case .unencrypted:
            "bus address \(address) is reachable from other hosts; give bus.curve keys, or listen on loopback or ipc://"
        case .noEncryption: "libzmq does not encrypt \(address); install one with CURVE"
        case .system(let number):
            "bus address \(address) failed: \(unsafe String(cString: zmq_strerror(number)))"
        }
    }
}
