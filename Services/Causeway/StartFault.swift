import SIPTransport
import Settings
import XMPPTransport

/// What keeps a process from starting, in one line that names the key, the value and what was expected.
enum StartFault {
    static func line(_ error: any Error, _ settings: Settings) -> String {
        switch error {
        case let error as SIPListenError:
            return unavailable("sip.listen", "\(error.endpoint)", "\(error)")
        case let error as XMPPListenError:
            let address = settings.xmpp.listen.first { $0.host == error.host && $0.port == error.port }
            let place = address.map { "\($0)" } ?? "\(error.host):\(error.port)"
            return unavailable("xmpp.listen", place, error.problem)
        default:
            return "\(error)"
        }
    }

    private static func unavailable(_ key: String, _ value: String, _ problem: String) -> String {
        "\(SettingsError(.unavailable, key: key, value: value, expected: "a free address of this host (\(problem))"))"
    }
}
