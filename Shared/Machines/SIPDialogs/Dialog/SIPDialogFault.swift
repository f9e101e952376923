public import SIPGrammar

/// Why no dialog can be made of a request or a response.
public enum SIPDialogFault: Error, Hashable, Sendable {
    /// A header field that dialogs need is broken or not there.
    case malformed(SIPSyntaxError)
    /// More proxies have recorded themselves than we would visit.
    case tooManyRoutes

    /// The status that answers such a request.
    public var status: Int {
        switch self {
        case .malformed(let error): error.status
        case .tooManyRoutes: 400
        }
    }

    /// The reason phrase that answers such a request.
    public var phrase: String {
        switch self {
        case .malformed(let error): error.phrase
        case .tooManyRoutes: "Too Many Record-Route Headers"
        }
    }
}
