extension SIPHeaders {
    /// Reads every header field whose form is known; throws the first fault.
    ///
    /// Date is not read: who does not need it had better not refuse for it (RFC 4475 section 3.1.2.12). Header fields of
    /// unknown form and those for people (Subject, Server …) may say anything.
    public func validate() throws(SIPSyntaxError) {
        _ = try vias()
        _ = try contacts()
        for name in Self.addressLists { _ = try addresses(name) }
        for name in Self.singleAddresses { _ = try address(name) }
        for name in Self.numbers { _ = try number(name, atMost: .max) }
        for name in Self.singleValues { _ = try parameterized(name) }
        for name in Self.valueLists { _ = try parameterizedList(name) }
        for name in Self.credentials { _ = try authorizations(name) }
        for name in Self.lists { _ = try list(name) }
        _ = try contentType()
        _ = try retryAfter()
        _ = try warnings()
    }

    private static let addressLists: [SIPHeaderName] = [
        .route, .recordRoute, .path, .serviceRoute, .pAssertedIdentity, .pAssociatedURI, .historyInfo,
        .diversion,
    ]

    private static let singleAddresses: [SIPHeaderName] = [
        .from, .to, .replyTo, .referTo, .referredBy, .pCalledPartyID,
    ]

    private static let numbers: [SIPHeaderName] = [.maxForwards, .expires, .minExpires, .maxBreadth, .rSeq]

    private static let singleValues: [SIPHeaderName] = [
        .contentDisposition, .event, .subscriptionState, .sessionExpires, .minSE, .mimeVersion, .priority,
        .replaces,
    ]

    private static let valueLists: [SIPHeaderName] = [
        .accept, .acceptEncoding, .acceptLanguage, .alertInfo, .callInfo, .errorInfo, .reason, .geolocation,
    ]

    private static let credentials: [SIPHeaderName] = [
        .authorization, .proxyAuthorization, .wwwAuthenticate, .proxyAuthenticate,
    ]

    private static let lists: [SIPHeaderName] = [
        .allow, .allowEvents, .contentEncoding, .contentLanguage, .inReplyTo, .proxyRequire, .require,
        .supported,
        .unsupported,
    ]
}
