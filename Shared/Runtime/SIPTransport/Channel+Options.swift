import NIOCore

extension Channel {
    /// An IPv6 socket that takes no IPv4, for there is another that does (ipv6(7), IPV6_V6ONLY).
    func leaveIPv4Alone() {
        guard localAddress?.protocol != .inet else { return }
        set(.ipv6, 26, 1)
    }

    /// Counts a connection as lost when what was sent stays unacknowledged for so long (tcp(7), TCP_USER_TIMEOUT).
    func limitSilence(to limit: TimeAmount) {
        set(.tcp, 18, CInt(clamping: limit.nanoseconds / 1_000_000))
    }

    /// Options that not every system has; without them all works, if less well.
    private func set(_ level: NIOBSDSocket.OptionLevel, _ name: CInt, _ value: CInt) {
        guard let options = self as? any SocketOptionProvider else { return }
        _ = options.unsafeSetSocketOption(
            level: level,
            name: NIOBSDSocket.Option(rawValue: name),
            value: value
        )
    }
}
