import Octets

// A state that is stored holds SIP values as the text that the wire would have, so that a later release that keeps
// more of them reads what an earlier one wrote.

extension SIPMethod: Codable {
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}

extension SIPRequestURI: Codable {
    public init(from decoder: any Decoder) throws {
        self = try SIPRequestURI.parse(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension SIPNameAddress: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let address = SIPNameAddress(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an address")
        }
        self = address
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// One `Name: value` for each field.
extension SIPHeaders: Codable {
    public init(from decoder: any Decoder) throws {
        self.init()
        for line in try decoder.singleValueContainer().decode([String].self) {
            let parts = line.utf8.split(
                separator: UInt8(ascii: ":"),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard parts.count == 2 else { continue }
            append(SIPHeaderName(String(Substring(parts[0]))), String(Substring(parts[1])))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(fields.map { "\($0.name.text): \($0.value)" })
    }
}

extension SIPRequest: Codable {
    private enum CodingKeys: CodingKey {
        case method
        case uri
        case headers
        case body
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(SIPMethod.self, forKey: .method),
            try container.decode(SIPRequestURI.self, forKey: .uri),
            headers: try container.decode(SIPHeaders.self, forKey: .headers),
            body: Base64.decode(try container.decodeIfPresent(String.self, forKey: .body) ?? "") ?? []
        )
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(method, forKey: .method)
        try container.encode(uri, forKey: .uri)
        try container.encode(headers, forKey: .headers)
        if !body.isEmpty { try container.encode(Base64.encode(body), forKey: .body) }
    }
}

extension SIPResponse: Codable {
    private enum CodingKeys: CodingKey {
        case status
        case reason
        case headers
        case body
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decode(Int.self, forKey: .status),
            reason: try container.decode(String.self, forKey: .reason),
            headers: try container.decode(SIPHeaders.self, forKey: .headers),
            body: Base64.decode(try container.decodeIfPresent(String.self, forKey: .body) ?? "") ?? []
        )
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(status, forKey: .status)
        try container.encode(reason, forKey: .reason)
        try container.encode(headers, forKey: .headers)
        if !body.isEmpty { try container.encode(Base64.encode(body), forKey: .body) }
    }
}
