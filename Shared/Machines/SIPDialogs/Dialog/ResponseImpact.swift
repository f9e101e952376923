import SIPGrammar

// Conforms: RFC 5057 §5.1 (complete)

/// What a failure response to a request inside a dialog puts an end to (RFC 5057 section 5.1, table 1).
public enum ResponseImpact: Hashable, Sendable {
    case transaction
    case usage
    case dialog

    /// The impact of a final response, by its status alone.
    ///
    /// 405 and 501 end a usage only if the request's method is the one that makes it.
    public init(of status: Int) {
        self =
            switch status {
            case 404, 410, 416, 482...485, 502, 604: .dialog
            case 405, 480, 481, 489, 501: .usage
            default: .transaction
            }
    }
}
