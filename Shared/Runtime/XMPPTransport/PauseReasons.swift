/// Why a connection is not read from.
package struct PauseReasons: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The bus has no room (rule 6 of ARCHITECTURE section 4).
    package static let busFull = PauseReasons(rawValue: 1)
    /// The peer sends faster than it may.
    package static let tooFast = PauseReasons(rawValue: 2)
    /// The peer's certificate is being looked at.
    package static let verifying = PauseReasons(rawValue: 4)
}
