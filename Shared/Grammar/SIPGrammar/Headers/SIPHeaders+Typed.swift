import Octets

/// Header fields read as what they are. Each call reads anew; a fault names the header field.
extension SIPHeaders {
    /// The topmost Via value, the one of who sent us the message.
    public func topVia() throws(SIPSyntaxError) -> SIPVia {
        for field in fields where field.name == .via {
            let octets = field.value.utf8.span
            var scanner = Scanner(octets)
            do throws(SIPSyntaxError) {
                let via = try SIPVia.parse(octets, &scanner)
                guard scanner.isAtEnd || scanner.peek(octets) == UInt8(ascii: ",") else {
                    throw scanner.failure()
                }
                return via
            } catch {
                throw error.naming(.via)
            }
        }
        throw SIPSyntaxError(.missing, header: .via)
    }

    /// All Via values, the topmost first.
    public func vias() throws(SIPSyntaxError) -> [SIPVia] {
        try values(.via) { (octets, scanner) throws(SIPSyntaxError) in try SIPVia.parse(octets, &scanner) }
    }

    public func from() throws(SIPSyntaxError) -> SIPNameAddress { try present(.from, address(.from)) }

    public func to() throws(SIPSyntaxError) -> SIPNameAddress { try present(.to, address(.to)) }

    /// The one address of a header field, such as Reply-To, Refer-To or Referred-By; nil if there is no such field.
    public func address(_ name: SIPHeaderName) throws(SIPSyntaxError) -> SIPNameAddress? {
        try value(name) { (octets, scanner) throws(SIPSyntaxError) in
            try SIPNameAddress.parse(octets, &scanner)
        }
    }

    /// All addresses of a header field, such as Route, Record-Route or Path.
    public func addresses(_ name: SIPHeaderName) throws(SIPSyntaxError) -> [SIPNameAddress] {
        try values(name) { (octets, scanner) throws(SIPSyntaxError) in
            try SIPNameAddress.parse(octets, &scanner)
        }
    }

    /// The Contact addresses; none for `*`, of which ``hasWildcardContact`` tells.
    public func contacts() throws(SIPSyntaxError) -> [SIPNameAddress] {
        hasWildcardContact ? [] : try addresses(.contact)
    }

    /// Whether Contact is `*`: all bindings, in a REGISTER (RFC 3261 section 10.2.2).
    public var hasWildcardContact: Bool { self[.contact] == "*" }

    /// Who a trusted peer says has sent the request (RFC 3325 section 9.1): at most a sip and a tel URI.
    public func assertedIdentities() throws(SIPSyntaxError) -> [SIPNameAddress] {
        try addresses(.pAssertedIdentity)
    }

    public func routes() throws(SIPSyntaxError) -> [SIPNameAddress] { try addresses(.route) }

    public func recordRoutes() throws(SIPSyntaxError) -> [SIPNameAddress] { try addresses(.recordRoute) }

    /// Call-ID: compared octet by octet, hence visible ASCII alone.
    ///
    /// Wider than `callid`, which is two words around an `@`: what is opaque is only ever copied back.
    public func callID() throws(SIPSyntaxError) -> String {
        try present(
            .callID,
            value(.callID) { (octets, scanner) throws(SIPSyntaxError) in
                scanner.skipBlanks(octets)
                return try scanner.text(.visible, octets)
            }
        )
    }

    public func cSeq() throws(SIPSyntaxError) -> SIPCSeq {
        try present(
            .cSeq,
            value(.cSeq) { (octets, scanner) throws(SIPSyntaxError) in try SIPCSeq.parse(octets, &scanner) }
        )
    }

    /// Max-Forwards, from 0 to 255; a larger number is 255, for it asks for no less (RFC 4475 section 3.1.2.4).
    public func maxForwards() throws(SIPSyntaxError) -> Int? {
        try number(.maxForwards, atMost: 255).map { Int($0) }
    }

    /// Expires in seconds; a number beyond 32 bits is the largest of 32 bits.
    public func expires() throws(SIPSyntaxError) -> UInt32? {
        try number(.expires, atMost: UInt64(UInt32.max)).map { UInt32($0) }
    }

    /// The number of a header field, or `limit` if it is larger; nil if there is no such field.
    public func number(_ name: SIPHeaderName, atMost limit: UInt64) throws(SIPSyntaxError) -> UInt64? {
        try value(name) { (octets, scanner) throws(SIPSyntaxError) in
            scanner.skipBlanks(octets)
            return try scanner.number(octets, atMost: limit)
        }
    }

    public func contentType() throws(SIPSyntaxError) -> SIPMediaType? {
        try value(.contentType) { (octets, scanner) throws(SIPSyntaxError) in
            try SIPMediaType.parse(octets, &scanner)
        }
    }

    public func retryAfter() throws(SIPSyntaxError) -> SIPRetryAfter? {
        try value(.retryAfter) { (octets, scanner) throws(SIPSyntaxError) in
            try SIPRetryAfter.parse(octets, &scanner)
        }
    }

    public func warnings() throws(SIPSyntaxError) -> [SIPWarning] {
        try values(.warning) { (octets, scanner) throws(SIPSyntaxError) in
            try SIPWarning.parse(octets, &scanner)
        }
    }

    /// The one value of a header field such as Event, Subscription-State, Content-Disposition or Session-Expires.
    public func parameterized(_ name: SIPHeaderName) throws(SIPSyntaxError) -> SIPValue? {
        try value(name) { (octets, scanner) throws(SIPSyntaxError) in try SIPValue.parse(octets, &scanner) }
    }

    /// The values of a header field such as Accept, Reason, Alert-Info or Accept-Language.
    public func parameterizedList(_ name: SIPHeaderName) throws(SIPSyntaxError) -> [SIPValue] {
        try values(name) { (octets, scanner) throws(SIPSyntaxError) in try SIPValue.parse(octets, &scanner) }
    }

    /// The challenges or credentials of a header field such as WWW-Authenticate or Authorization, one for each line.
    public func authorizations(_ name: SIPHeaderName) throws(SIPSyntaxError) -> [SIPAuthorization] {
        var found: [SIPAuthorization] = []
        for field in fields where field.name == name {
            found.append(
                try field.read { (octets, scanner) throws(SIPSyntaxError) in
                    try SIPAuthorization.parse(octets, &scanner)
                }
            )
        }
        return found
    }

    /// The values of a header field as text, told apart at commas: Allow, Supported, Require, Accept.
    public func list(_ name: SIPHeaderName) throws(SIPSyntaxError) -> [String] {
        var found: [String] = []
        for field in fields where field.name == name {
            let octets = field.value.utf8.span
            do throws(SIPSyntaxError) {
                for range in try ListSplitter.ranges(octets) {
                    found.append(String(repairing: octets.extracting(range)))
                }
            } catch {
                throw error.naming(name)
            }
        }
        return found
    }
}

extension SIPHeaders {
    typealias Reading<Value> = (Span<UInt8>, inout Scanner) throws(SIPSyntaxError) -> Value

    /// The only value of a header field that must not come twice.
    private func value<Value>(
        _ name: SIPHeaderName,
        _ reading: Reading<Value>
    ) throws(SIPSyntaxError) -> Value? {
        var only: SIPHeaderField?
        for field in fields where field.name == name {
            guard only == nil else { throw SIPSyntaxError(.duplicate, header: name) }
            only = field
        }
        return try only?.read(reading)
    }

    /// The values of all lines of a header field, in their order.
    private func values<Value>(
        _ name: SIPHeaderName,
        _ reading: Reading<Value>
    ) throws(SIPSyntaxError) -> [Value] {
        var found: [Value] = []
        for field in fields where field.name == name { try field.readList(reading, into: &found) }
        return found
    }

    private func present<Value>(_ name: SIPHeaderName, _ value: Value?) throws(SIPSyntaxError) -> Value {
        guard let value else { throw SIPSyntaxError(.missing, header: name) }
        return value
    }
}

extension SIPHeaderField {
    /// Reads the value, all of it, as one.
    fileprivate func read<Value>(_ reading: SIPHeaders.Reading<Value>) throws(SIPSyntaxError) -> Value {
        let octets = value.utf8.span
        var scanner = Scanner(octets)
        do throws(SIPSyntaxError) {
            let result = try reading(octets, &scanner)
            try scanner.finish(octets)
            return result
        } catch {
            throw error.naming(name)
        }
    }

    /// Reads the value as several with commas between; none, if it is empty.
    fileprivate func readList<Value>(
        _ reading: SIPHeaders.Reading<Value>,
        into found: inout [Value]
    ) throws(SIPSyntaxError) {
        let octets = value.utf8.span
        var scanner = Scanner(octets)
        guard !scanner.isAtEnd else { return }
        do throws(SIPSyntaxError) {
            repeat {
                found.append(try reading(octets, &scanner))
            } while scanner.takeSeparator(UInt8(ascii: ","), octets)
            try scanner.finish(octets)
        } catch {
            throw error.naming(name)
        }
    }
}
