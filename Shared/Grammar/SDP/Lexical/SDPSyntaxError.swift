/// Why octets are not a session description.
public struct SDPSyntaxError: Error, Hashable, Sendable {
    public enum Reason: Error, Hashable, Sendable {
        /// There are no octets, or only line ends.
        case empty
        /// A line that is not a letter, `=` and a value; or one behind an empty line.
        case line
        /// A NUL, or a CR that ends no line.
        case control
        /// Not version 0, or the version is not the first line (RFC 8866 section 5.1).
        case version
        /// There is no `o=` line.
        case missingOrigin
        /// A line that may be there once is there again.
        case duplicate
        /// A line in a place that gives it no meaning: `r=` without `t=`, or `o=` in a media section.
        case misplaced
        /// A line's value is not what its grammar allows.
        case value
        /// A number is larger or smaller than its place allows.
        case range
        /// More or longer than the limits allow.
        case tooLarge
    }

    public var reason: Reason
    /// The number of the line, from 1.
    public var line: Int

    public init(_ reason: Reason, line: Int) {
        self.reason = reason
        self.line = line
    }
}
