import MessageBus
import SIPTransport
import Settings
import Store
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
        case let error as BusError:
            return line(error, settings)
        case let error as StoreError:
            let fault = SettingsError(
                .unavailable,
                key: "store",
                value: "\(settings.store)",
                expected: "a store that can be used (\(error))"
            )
            return "\(fault)"
        default:
            return "\(error)"
        }
    }

    private static func line(_ error: BusError, _ settings: Settings) -> String {
        let isListening = "\(settings.bus.listen)" == error.address
        switch error.code {
        case .addressInUse, .badAddress:
            return unavailable(isListening ? "bus.listen" : "bus.connect", error.address, "\(error)")
        case .unencrypted:
            let expected = "bus.curve keys ('causeway keys' makes them), or an address of loopback or ipc://"
            return "\(SettingsError(.conflict, key: "bus.listen", value: error.address, expected: expected))"
        case .noEncryption, .system:
            return "\(error)"
        }
    }

    private static func unavailable(_ key: String, _ value: String, _ problem: String) -> String {
        "\(SettingsError(.unavailable, key: key, value: value, expected: "a free address of this host (\(problem))"))"
    }
}
