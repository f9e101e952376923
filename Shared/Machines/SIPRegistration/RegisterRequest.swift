import SIPGrammar

/// Writes one REGISTER after the other (RFC 3261 section 10.2): of one Call-ID, each CSeq higher than the one before.
struct RegisterRequest {
    private let account: RegistrationAccount
    private let callID: String
    private let tag: String
    private(set) var cSeq: UInt32

    init(_ account: RegistrationAccount, callID: String, tag: String, firstCSeq: UInt32) {
        self.account = account
        self.callID = callID
        self.tag = tag
        cSeq = max(1, firstCSeq) - 1
    }

    /// The next one; `expires` of 0 asks for the binding to be taken away.
    mutating func next(expires: UInt32) -> SIPRequest {
        cSeq += 1
        var contact = SIPNameAddress(account.contact)
        contact.parameters.set("expires", "\(expires)")
        if let instance = account.instance { contact.parameters.set("+sip.instance", "\"<\(instance)>\"") }
        var from = SIPNameAddress(account.address)
        from.tag = tag
        var headers: SIPHeaders = [
            .from: from.description, .to: SIPNameAddress(account.address).description, .callID: callID,
            .cSeq: SIPCSeq(cSeq, .register).description, .contact: contact.description,
            .expires: "\(expires)", .supported: account.instance == nil ? "path" : "path, gruu",
        ]
        if let route = account.route { headers.append(.route, SIPNameAddress(route).description) }
        var registrar = account.registrar
        // Section 10.2: the Request-URI has no user part.
        (registrar.user, registrar.password) = (nil, nil)
        return SIPRequest(.register, registrar, headers: headers)
    }

    /// Takes note of a request that was sent in the place of the last.
    mutating func note(_ request: SIPRequest) {
        guard let number = try? request.headers.cSeq().number else { return }
        cSeq = max(cSeq, number)
    }
}
