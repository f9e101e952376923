/// What holds for whatever octets come in, as a test by fuzzing and as the replay of what that has found.
public struct Law: Sendable {
    /// `sip-message`: the folder of its corpus and of its crashes.
    public let name: String
    /// Says what is broken by the octets; nil if nothing is.
    public let broken: @Sendable ([UInt8]) -> String?

    /// All that there are.
    public static let all: [Law] = [
        .sipMessage, .sipStream, .sipURI, .sipAddress, .sdp, .xmppStream, .xmppAddress,
    ]

    public static func named(_ name: String) -> Law? { all.first { $0.name == name } }
}

/// The first thing that is wrong with a value that prints and is read again.
func difference<Value: Hashable>(_ what: String, _ value: Value, printed: String, again: Value?) -> String? {
    guard let again else { return "\(what): what was printed does not parse: \(printed.debugDescription)" }
    guard again == value else {
        return "\(what): what was printed parses to something else: \(printed.debugDescription)"
    }
    return nil
}
