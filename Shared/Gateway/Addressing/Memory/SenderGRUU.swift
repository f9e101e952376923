/// Whether the From of a MESSAGE carries `;gr=` (MAPPING 1.5): some registrars take an address with it for a stranger's.
public struct SenderGRUU: Hashable, Sendable {
    /// The switch `from-gruu` of a domain.
    public enum Policy: String, Hashable, Sendable, CaseIterable {
        /// Always, until the domain shows that it cannot bear it.
        case auto
        case always
        case never
    }

    private enum Finding: Hashable, Sendable {
        /// Refused with it; nobody tried without yet.
        case refused
        /// Refused with it, accepted without.
        case unwelcome
        case welcome
    }

    public var policies: [String: Policy]
    public let capacity: Int
    private var findings: [String: Finding] = [:]

    public init(policies: [String: Policy] = [:], capacity: Int = 4096) {
        self.policies = policies
        self.capacity = max(1, capacity)
    }

    /// Whether the next request to the domain carries it.
    public func isCarried(to domain: String) -> Bool {
        switch policies[domain] ?? .auto {
        case .always: true
        case .never: false
        case .auto: findings[domain] != .unwelcome
        }
    }

    /// Learns from a final response; true when the request should be sent once more without `gr`.
    public mutating func learn(_ status: Int, from domain: String, carried: Bool) -> Bool {
        guard policies[domain] ?? .auto == .auto else { return false }
        let isSuccess = (200...299).contains(status)
        switch (findings[domain], carried) {
        case (nil, true):
            let isRefusal = status == 403 || status == 404 || status == 485
            if isSuccess { note(.welcome, domain) } else if isRefusal { note(.refused, domain) }
            return isRefusal
        case (.refused?, false):
            note(isSuccess ? .unwelcome : .welcome, domain)
            return false
        case (nil, false), (.refused?, true), (.unwelcome?, _), (.welcome?, _): return false
        }
    }

    private mutating func note(_ finding: Finding, _ domain: String) {
        // Starting afresh costs one more refusal a domain, and bounds what strangers can make us remember.
        if findings.count >= capacity, findings[domain] == nil { findings.removeAll() }
        findings[domain] = finding
    }
}
