import Glibc
import NIOCore

/// Why an address could not be listened at; one line that says what to do.
package struct XMPPListenError: Error, CustomStringConvertible {
    package let host: String
    package let port: Int
    private let cause: any Error

    package init(host: String, port: Int, cause: any Error) {
        self.host = host
        self.port = port
        self.cause = cause
    }

    /// What the matter is, in words.
    package var problem: String {
        switch (cause as? IOError)?.errnoCode {
        case EADDRINUSE: "the port is in use: stop the other program or choose another port"
        case EADDRNOTAVAIL: "this machine has no such address"
        case EACCES, EPERM: "not permitted: choose a port above 1023 or grant CAP_NET_BIND_SERVICE"
        default: "\(cause)"
        }
    }

    package var description: String { "cannot listen on \(host) port \(port): \(problem)" }
}
