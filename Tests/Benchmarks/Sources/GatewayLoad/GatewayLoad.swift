import Glibc

/// The load generator for a whole gateway: 200 SIP users behind one UDP socket on one side, on the other an XMPP server
/// that the gateway attaches to as a component.
///
/// Prints lines of JSON: `listening`, `begin` and `end` of what is measured (for whoever samples processor times), and
/// last `result`.
@main
struct GatewayLoad {
    static func main() {
        guard let settings = LoadSettings.parse(Array(CommandLine.arguments.dropFirst())) else {
            fail(
                """
                usage: gateway-load --direction to-xmpp|to-sip|to-edge --gateway-port N --sip-port N --component-port N \
                [--users 200] [--seconds 10] [--rate 0] [--gather 0] [--text-length 64]
                """
            )
        }
        guard let datagrams = DatagramSocket(port: settings.sipPort) else {
            fail("--sip-port: cannot bind UDP port \(settings.sipPort) of 127.0.0.1")
        }
        switch settings.direction {
        case .toXMPP, .toEdge:
            let component = settings.direction == .toEdge ? nil : component(settings)
            let load = LoadToXMPP(settings, datagrams: datagrams)
            var run = LoadRun(settings, load: load, datagrams: datagrams, component: component)
            say(run.measure())
        case .toSIP:
            let component = component(settings)
            let load = LoadToSIP(settings, datagrams: datagrams, component: component)
            var run = LoadRun(settings, load: load, datagrams: datagrams, component: component)
            say(run.measure())
        }
    }

    private static func component(_ settings: LoadSettings) -> ComponentServer {
        guard let component = ComponentServer(port: settings.componentPort) else {
            fail("--component-port: cannot listen on TCP port \(settings.componentPort) of 127.0.0.1")
        }
        return component
    }

    private static func fail(_ complaint: String) -> Never {
        write(complaint + "\n", to: STDERR_FILENO)
        exit(2)
    }
}
