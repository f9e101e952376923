/// What one run of the load generator does; every field is an option `--name value` of the command line.
struct LoadSettings {
    enum Direction: String {
        case toXMPP = "to-xmpp"
        case toSIP = "to-sip"
        /// To XMPP as far as the answer: there is no XMPP server.
        case toEdge = "to-edge"
    }

    var direction = Direction.toXMPP
    /// Where the gateway listens for SIP over UDP.
    var gatewayPort: UInt16 = 0
    /// Where the SIP users are: the gateway's outbound proxy.
    var sipPort: UInt16 = 0
    /// Where the XMPP server is that the gateway attaches to as a component (XEP-0114).
    var componentPort: UInt16 = 0
    /// Pairs of users; each has at most one message under way, so this is the window too.
    var users = 200
    var seconds = 10.0
    /// Messages a second; 0: as many as come back (closed loop).
    var rate = 0.0
    /// How long to gather what arrives before it is answered, in microseconds: spares processor time in a closed loop.
    var gather = 0
    var textLength = 64

    static func parse(_ arguments: [String]) -> LoadSettings? {
        var settings = LoadSettings()
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst(), settings.set(name, to: value) else { return nil }
        }
        var ports = [settings.gatewayPort, settings.sipPort]
        if settings.direction != .toEdge { ports.append(settings.componentPort) }
        return ports.contains(0) || !(1...9999).contains(settings.users) ? nil : settings
    }

    private mutating func set(_ name: String, to value: String) -> Bool {
        switch name {
        case "--direction": Self.read(Direction(rawValue: value), into: &direction)
        case "--gateway-port": Self.read(UInt16(value), into: &gatewayPort)
        case "--sip-port": Self.read(UInt16(value), into: &sipPort)
        case "--component-port": Self.read(UInt16(value), into: &componentPort)
        case "--users": Self.read(Int(value), into: &users)
        case "--seconds": Self.read(Double(value), into: &seconds)
        case "--rate": Self.read(Double(value), into: &rate)
        case "--gather": Self.read(Int(value), into: &gather)
        case "--text-length": Self.read(Int(value), into: &textLength)
        default: false
        }
    }

    private static func read<Value>(_ value: Value?, into place: inout Value) -> Bool {
        guard let value else { return false }
        place = value
        return true
    }
}
