import Glibc
import NIOCore

/// Why an address could not be listened at; one line that names the address and says what to do.
package struct SIPListenError: Error, Hashable, CustomStringConvertible {
    package enum Code: Hashable, Sendable {
        /// Another process listens there.
        case inUse
        /// The machine does not have this address, or the host name none.
        case notAvailable
        /// Ports below 1024 may be the administrator's.
        case denied
        /// TLS has not been set up.
        case noCertificate
        case other(String)
    }

    package var endpoint: SIPEndpoint
    package var code: Code

    package init(_ endpoint: SIPEndpoint, _ code: Code) {
        self.endpoint = endpoint
        self.code = code
    }

    init(_ endpoint: SIPEndpoint, cause: any Error) {
        switch cause {
        case let error as SIPListenError:
            self = error
        case let error as IOError where error.errnoCode == EADDRINUSE:
            self.init(endpoint, .inUse)
        case let error as IOError where error.errnoCode == EADDRNOTAVAIL:
            self.init(endpoint, .notAvailable)
        case let error as IOError where error.errnoCode == EACCES || error.errnoCode == EPERM:
            self.init(endpoint, .denied)
        case is SocketAddressError:
            self.init(endpoint, .notAvailable)
        default:
            self.init(endpoint, .other("\(cause)"))
        }
    }

    package var description: String {
        let problem =
            switch code {
            case .inUse: "the port is in use: stop the other program or choose another port"
            case .notAvailable: "this machine has no such address"
            case .denied: "not permitted: choose a port above 1023 or grant CAP_NET_BIND_SERVICE"
            case .noCertificate: "there is no certificate: set tls.certificate and tls.key"
            case .other(let text): text
            }
        return "cannot listen on \(endpoint): \(problem)"
    }
}
