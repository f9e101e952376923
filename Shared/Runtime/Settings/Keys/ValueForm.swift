import Telemetry

/// How one value is written: what to expect, and how it is read.
struct ValueForm<Value: Sendable>: Sendable {
    /// A few words for the table: `duration`.
    let type: String
    /// A phrase for an error: `a duration such as 300ms, from 1ms to 1h`.
    let expected: String
    let isSecret: Bool
    let read: @Sendable (String) -> Value?

    init(
        _ type: String,
        _ expected: String,
        isSecret: Bool = false,
        read: @escaping @Sendable (String) -> Value?
    ) {
        self.type = type
        self.expected = expected
        self.isSecret = isSecret
        self.read = read
    }
}

extension ValueForm<String> {
    static var text: Self { Self("text", "a text") { $0 } }

    static var file: Self { Self("file", "the name of a file") { $0.isEmpty ? nil : $0 } }

    static var domain: Self {
        Self("domain", "a domain such as sip.example") { HostName.domain($0) }
    }

    static var host: Self {
        Self(
            "host",
            "a host name or an address such as gw.sip.example, 192.0.2.1 or [2001:db8::1], without a port"
        ) {
            // An IPv6 address cannot be mistaken for anything else, so the brackets may be missing.
            $0.contains(":") && IPAddress($0) != nil ? $0.lowercased() : HostName.canonical($0)
        }
    }

    static var address: Self {
        Self("address", "an IP address such as 192.0.2.1 or 2001:db8::1") { IPAddress($0) == nil ? nil : $0 }
    }
}

extension ValueForm<Bool> {
    static var boolean: Self {
        Self("true or false", "true or false") {
            switch $0.lowercased() {
            case "true", "yes", "on": true
            case "false", "no", "off": false
            default: nil
            }
        }
    }
}

extension ValueForm<Int> {
    static func number(_ range: ClosedRange<Int>) -> Self {
        Self("number", "a whole number from \(range.lowerBound) to \(range.upperBound)") {
            PlainNumber.read($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    static func octets(_ range: ClosedRange<Int>) -> Self {
        Self(
            "size",
            "a size in octets such as 65536 or 64KiB, from \(range.lowerBound) to \(range.upperBound)"
        ) {
            ByteCount.read($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueForm<Duration> {
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        let limits = "from \(DurationText.write(range.lowerBound)) to \(DurationText.write(range.upperBound))"
        return Self("duration", "a duration such as 300ms, 20s or 1h, \(limits)") {
            DurationText.read($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueForm<ListenAddress> {
    static func listen(_ schemes: ListenAddress.Scheme...) -> Self { address(schemes, least: 0) }

    /// An address to connect to, which cannot leave the port to the system.
    static func target(_ schemes: ListenAddress.Scheme...) -> Self { address(schemes, least: 1) }

    private static func address(_ schemes: [ListenAddress.Scheme], least: Int) -> Self {
        let names = schemes.map { "\($0.rawValue)://" }.joined(separator: ", ")
        let example = ListenAddress(scheme: schemes[0], host: "127.0.0.1", port: schemes[0].defaultPort)
        return Self("address", "\(names) with a host and a port, such as \(example)") {
            ListenAddress($0).flatMap { schemes.contains($0.scheme) && $0.port >= least ? $0 : nil }
        }
    }
}

extension ValueForm<HostPort> {
    static var listen: Self {
        Self("host:port", "a host and a port such as 127.0.0.1:8080 or [::]:8080") { HostPort($0) }
    }

    static func server(defaultPort: Int) -> Self {
        Self("address:port", "an IP address and perhaps a port, such as 192.0.2.53:\(defaultPort)") {
            // A bare IPv6 address has no port; one with a port stands in brackets.
            let text = IPAddress($0)?.isIPv4 == false ? "[\($0)]" : $0
            return HostPort(text, defaultPort: defaultPort).flatMap {
                IPAddress($0.host) != nil && $0.port > 0 ? $0 : nil
            }
        }
    }
}

extension ValueForm<Secret> {
    static var secret: Self {
        Self("secret", "a secret, not empty", isSecret: true) { $0.isEmpty ? nil : Secret($0) }
    }

    // Public ones are not shown either: who has mixed them up would show the secret one.
    static var curveKey: Self {
        Self("key", "a CURVE key of 40 characters, as 'causeway keys' makes them", isSecret: true) {
            CurveKeyText.isKey($0) ? Secret($0) : nil
        }
    }
}

extension ValueForm<CIDR> {
    static var network: Self { Self("network", "a network such as 192.0.2.0/24 or ::1/128") { CIDR($0) } }
}

extension ValueForm<Rate> {
    static var rate: Self { Self("rate", "a rate such as 200/s, 6000/m or 10/h") { Rate($0) } }
}

extension ValueForm<NextHop> {
    static var nextHop: Self {
        Self("SIP URI", "a URI such as sip:192.0.2.1:5060;transport=tcp") { NextHop($0) }
    }
}

extension ValueForm<BusEndpoint> {
    static var busEndpoint: Self {
        Self("bus address", "tcp://host:port (port and port + 1 are used) or ipc:///path") { BusEndpoint($0) }
    }
}

extension ValueForm<StoreAddress> {
    // The URI of a database may hold a password, so no value of this key is ever shown.
    static var store: Self {
        Self("store", "sqlite:FILE or postgresql://user@host/db", isSecret: true) { StoreAddress($0) }
    }
}

extension ValueForm<TLSFiles.Trust> {
    static var trust: Self {
        Self("system or file", "system, or the name of a PEM file of authorities") {
            $0.isEmpty ? nil : $0 == "system" ? .system : .file($0)
        }
    }
}

extension ValueForm where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    static func choice(_ type: Value.Type = Value.self) -> Self {
        let names = Value.allCases.map(\.rawValue)
        return Self(names.joined(separator: " \\| "), "one of \(names.joined(separator: ", "))") { text in
            Value.allCases.first { $0.rawValue == text.lowercased() }
        }
    }
}
