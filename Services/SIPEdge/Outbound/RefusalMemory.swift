import MachineKit
import NIOCore

/// Addresses that took no TCP connection, for a while: large requests to them need not try again.
struct RefusalMemory {
    private static let span = Duration.seconds(600)
    private static let capacity = 4_096

    private var refused: [SocketAddress: Moment] = [:]

    func contains(_ address: SocketAddress, at now: Moment) -> Bool {
        refused[address].map { $0 > now } ?? false
    }

    mutating func note(_ address: SocketAddress, at now: Moment) {
        if refused.count >= Self.capacity { refused = refused.filter { $0.value > now } }
        if refused.count >= Self.capacity { refused.removeAll() }
        refused[address] = now + Self.span
    }
}
