import Foundation

/// Names of running instances.
enum Instance {
    /// A name that no other instance has or had: service, host, process and a random part.
    static func name(_ service: String) -> String {
        let host = ProcessInfo.processInfo.hostName.filter {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
        }
        let random = String(UInt64.random(in: .min ... .max), radix: 36)
        return "\(service).\(host).\(ProcessInfo.processInfo.processIdentifier).\(random)"
    }
}
