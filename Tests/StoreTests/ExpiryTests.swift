import Store
import Testing

extension StoreTests {
    /// What happens when nobody renews.
    @Suite struct Expiry {
        private let long = StorePlace.long
        private let short = Duration.milliseconds(150)

        @Test(arguments: StoreKind.installed)
        func `a lease that runs out is anyone's, under the next epoch`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([5], service: "im", owner: "a", ttl: long)
                    #expect(try await store.claim([5], service: "im", owner: "b", ttl: long) == [:])
                    // Renewing may shorten it.
                    _ = try await store.renew(service: "im", owner: "a", ttl: short)
                    var taken: [UInt8: Int64] = [:]
                    try await place.letPass(short) {
                        taken = try await store.claim([5], service: "im", owner: "b", ttl: long)
                        return !taken.isEmpty
                    }
                    #expect(taken == [5: 2])
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `a lease that ran out is told as such, and its owner as gone`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([5], service: "im", owner: "a", ttl: short)
                    _ = try await store.renew(service: "im", owner: "a", ttl: short)
                    var roster = Roster(members: [], leases: [:])
                    try await place.letPass(short) {
                        roster = try await store.renew(service: "im", owner: "b", ttl: long)
                        return roster.members == ["b"] && roster.leases[5]?.isLive == false
                    }
                    #expect(roster.leases == [5: Lease(owner: "a", epoch: 1, isLive: false)])
                }
            }
        }

        @Test(arguments: StoreKind.installed)
        func `a late renewal keeps what nobody took`(_ kind: StoreKind) async throws {
            try await StorePlace.with(kind) { place in
                try await place.withStore { store in
                    _ = try await store.claim([5, 6], service: "im", owner: "a", ttl: short)
                    try await place.letPass(short) {
                        let leases = try await store.renew(service: "im", owner: "b", ttl: long).leases
                        return leases.values.allSatisfy { !$0.isLive }
                    }
                    #expect(try await store.claim([6], service: "im", owner: "b", ttl: long) == [6: 2])
                    let write = ConversationWrite(
                        service: "im",
                        shard: 5,
                        owner: "a",
                        epoch: 1,
                        key: "k",
                        state: [1]
                    )
                    #expect(try await store.write([write]) == [.stored])
                    let roster = try await store.renew(service: "im", owner: "a", ttl: long)
                    #expect(
                        roster.leases == [
                            5: Lease(owner: "a", epoch: 1, isLive: true),
                            6: Lease(owner: "b", epoch: 2, isLive: true),
                        ]
                    )
                }
            }
        }

        @Test func `a lease lasts until its very end`() async throws {
            try await StorePlace.with(.sqlite) { place in
                try await place.withStore { store in
                    _ = try await store.claim([5], service: "im", owner: "a", ttl: .seconds(4))
                    place.clock.advance(by: .milliseconds(3999))
                    #expect(try await store.claim([5], service: "im", owner: "b", ttl: long) == [:])
                    place.clock.advance(by: .milliseconds(1))
                    #expect(try await store.claim([5], service: "im", owner: "b", ttl: long) == [5: 2])
                }
            }
        }

        @Test func `leases do not outlive the host's start`() async throws {
            try await StorePlace.with(.sqlite) { place in
                try await place.withStore { store in
                    _ = try await store.renew(service: "im", owner: "a", ttl: long)
                    _ = try await store.claim([5], service: "im", owner: "a", ttl: long)
                    place.clock.restart()
                    let roster = try await store.renew(service: "im", owner: "b", ttl: long)
                    #expect(
                        roster
                            == Roster(members: ["b"], leases: [5: Lease(owner: "a", epoch: 1, isLive: false)])
                    )
                    #expect(try await store.claim([5], service: "im", owner: "b", ttl: long) == [5: 2])
                }
            }
        }

        @Test func `the host's clock goes on and names the host's start`() {
            let first = HostTime.now
            let second = HostTime.now
            #expect(first.boot == second.boot && !first.boot.isEmpty)
            #expect(first.milliseconds <= second.milliseconds)
        }
    }
}
