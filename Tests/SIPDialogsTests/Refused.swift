import SIPGrammar

/// A header field that makes a request one that is refused.
struct Refused: Sendable {
    let status: Int
    let name: SIPHeaderName
    let value: String

    init(_ status: Int, _ name: SIPHeaderName, _ value: String) {
        self.status = status
        self.name = name
        self.value = value
    }
}
