import MachineKit
import SIPTransport

/// Which targets are being asked whether they live, and which have said so lately.
struct TargetHealth {
    private static let capacity = 1_024

    private let most: Int
    /// Targets that are being asked, and whether an operator named them.
    private var asked: [TransportTarget: Bool] = [:]
    private var vouched: [TransportTarget: Moment] = [:]

    init(most: Int) {
        self.most = most
    }

    /// Whether a target is being asked.
    func isAsking(_ target: TransportTarget) -> Bool { asked[target] != nil }

    /// Whether a target may be asked now; if so, it is.
    mutating func ask(_ target: TransportTarget, isConfigured: Bool) -> Bool {
        guard asked[target] == nil, asked.count < most else { return false }
        asked[target] = isConfigured
        return true
    }

    /// A target was asked and has answered or not; whether an operator named it.
    mutating func settle(_ target: TransportTarget, isAlive: Bool, at now: Moment) -> Bool {
        let isConfigured = asked.removeValue(forKey: target) ?? false
        vouched[target] = nil
        guard isAlive else { return isConfigured }
        if vouched.count >= Self.capacity { vouched = vouched.filter { now - $0.value < .seconds(60) } }
        if vouched.count < Self.capacity { vouched[target] = now }
        return isConfigured
    }

    /// Whether a target has said since then that it lives.
    func isVouchedFor(_ target: TransportTarget, since moment: Moment) -> Bool {
        vouched[target].map { $0 >= moment } ?? false
    }
}
