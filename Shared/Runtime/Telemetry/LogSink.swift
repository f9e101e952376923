import Glibc

/// Where the lines of the log go.
package protocol LogSink: Sendable {
    /// Takes one whole line, its line feed included.
    func write(_ line: [UInt8])
}

/// Standard error, which leaves standard output to what a command prints on purpose.
package struct StandardError: LogSink {
    package init() {}

    /// Writes the line in one piece if the system can: lines of several threads do not mix on a pipe below PIPE_BUF.
    package func write(_ line: [UInt8]) {
        var rest = line[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Someone made our standard error non-blocking; a reader that stays away loses the line.
                var descriptor = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
                guard unsafe poll(&descriptor, 1, 1000) > 0 else { return }
            } else if errno != EINTR {
                return
            }
        }
    }
}
