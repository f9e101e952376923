import Metrics

/// What a family of figures measures, which decides how it is printed.
enum MetricKind: String, Sendable {
    case counter
    case gauge
    case histogram
}

/// The one of the cells that a family's member is kept in.
enum MetricCell: Sendable {
    case counter(CounterCell)
    case floatingCounter(FloatingCounterCell)
    case gauge(GaugeCell)
    case histogram(HistogramCell)

    var handler: AnyObject {
        switch self {
        case .counter(let cell): cell
        case .floatingCounter(let cell): cell
        case .gauge(let cell): cell
        case .histogram(let cell): cell
        }
    }
}

/// All figures of one name, by their labels.
struct MetricFamily: Sendable {
    let kind: MetricKind
    var help: String?
    var members: [MetricLabels: MetricCell] = [:]
}

/// The labels of one figure, as they are printed: `{method="MESSAGE",side="sip"}`.
struct MetricLabels: Hashable, Sendable {
    static let overflow = MetricLabels([("overflow", "true")])
    /// Longer values are cut, in octets: a label may carry a peer's word.
    private static let longest = 128

    let text: String

    init(_ dimensions: [(String, String)]) {
        let sorted = dimensions.sorted { $0.0 < $1.0 }
        text = sorted.map { "\(MetricName.clean($0.0))=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
    }

    /// The labels in braces, with one more; nothing when there are none.
    func braced(adding more: String? = nil) -> String {
        let parts = [text, more ?? ""].filter { !$0.isEmpty }
        return parts.isEmpty ? "" : "{" + parts.joined(separator: ",") + "}"
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            if result.utf8.count >= longest { break }
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar)
            }
        }
        return result
    }
}

/// Names as Prometheus wants them: letters, digits and underscores, not beginning with a digit.
enum MetricName {
    static func clean(_ name: String) -> String {
        let octets = name.utf8.map { octet in
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                octet
            default: UInt8(ascii: "_")
            }
        }
        let text = String(decoding: octets, as: UTF8.self)
        return text.first?.isNumber == true ? "_" + text : text
    }
}
