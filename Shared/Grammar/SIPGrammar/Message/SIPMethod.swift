/// The method of a request (RFC 3261 section 7.1): a token that is compared with regard to case.
public struct SIPMethod: Hashable, Sendable, CustomStringConvertible {
    public let name: String

    /// A method by its name; what no token may hold is replaced by `-`.
    public init(_ name: String) {
        self.name = Grammar.token(of: name)
    }

    init(parsed name: String) {
        self.name = name
    }

    public var description: String { name }

    public static var ack: SIPMethod { SIPMethod(parsed: "ACK") }
    public static var bye: SIPMethod { SIPMethod(parsed: "BYE") }
    public static var cancel: SIPMethod { SIPMethod(parsed: "CANCEL") }
    public static var info: SIPMethod { SIPMethod(parsed: "INFO") }
    public static var invite: SIPMethod { SIPMethod(parsed: "INVITE") }
    public static var message: SIPMethod { SIPMethod(parsed: "MESSAGE") }
    public static var notify: SIPMethod { SIPMethod(parsed: "NOTIFY") }
    public static var options: SIPMethod { SIPMethod(parsed: "OPTIONS") }
    public static var prack: SIPMethod { SIPMethod(parsed: "PRACK") }
    public static var publish: SIPMethod { SIPMethod(parsed: "PUBLISH") }
    public static var refer: SIPMethod { SIPMethod(parsed: "REFER") }
    public static var register: SIPMethod { SIPMethod(parsed: "REGISTER") }
    public static var subscribe: SIPMethod { SIPMethod(parsed: "SUBSCRIBE") }
    public static var update: SIPMethod { SIPMethod(parsed: "UPDATE") }

    /// The methods that IANA's registry knows.
    public static let registered: [SIPMethod] = [
        .ack, .bye, .cancel, .info, .invite, .message, .notify, .options, .prack, .publish, .refer, .register,
        .subscribe, .update,
    ]
}
