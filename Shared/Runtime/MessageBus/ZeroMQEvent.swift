internal import CZeroMQ

/// What libzmq's monitor says of a socket's connections (zmq_socket_monitor(3)).
enum ZeroMQEvent: Sendable {
    /// Both ends understand and accept each other.
    case reached
    case lost
    /// The other end knows who we are and does not let us in; libzmq does not try again.
    case refused
    /// The ends do not speak the same way, of which one is encrypted; libzmq does not try again.
    case misunderstood
    /// The other end hung up before the ends had understood each other.
    case brokenOff

    static let all =
        ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED | failures | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
    /// What a broker's gate does not learn by being asked.
    static let failures = ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL

    /// Reads the first frame of a monitor's message: the event's number in 16 bits, its value in 32, as the host has
    /// them; nil for an event that was not asked for.
    init?(_ frame: [UInt8]) {
        guard frame.count >= 2 else { return nil }
        // Read as little-endian and turned round where the host is not.
        let number = UInt16(littleEndian: UInt16(frame[1]) << 8 | UInt16(frame[0]))
        switch Int32(number) {
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: self = .reached
        case ZMQ_EVENT_DISCONNECTED: self = .lost
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH: self = .refused
        case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL: self = .misunderstood
        case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL: self = .brokenOff
        default: return nil
        }
    }
}
