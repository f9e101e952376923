/// Who shares a service's work, and who holds what of it.
package struct Roster: Hashable, Sendable {
    /// The members alive, sorted; whoever asked is among them.
    package var members: [String]
    /// The shards that ever had an owner; one that is missing is free and has had no epoch.
    package var leases: [UInt8: Lease]

    package init(members: [String], leases: [UInt8: Lease]) {
        self.members = members
        self.leases = leases
    }
}
