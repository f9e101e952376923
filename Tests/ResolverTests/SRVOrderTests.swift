import Resolver
import TestKit
import Testing

/// RFC 2782, "Weight": the order in which the targets of a service are tried.
@Suite struct SRVOrderTests {
    private func record(_ priority: Int, _ weight: Int, _ target: String) -> SRVRecord {
        SRVRecord(priority: priority, weight: weight, port: 5269, target: target)
    }

    @Test func `a lower priority is always tried first`() {
        let records = [record(30, 0, "c"), record(10, 0, "a"), record(20, 65_535, "b")]
        for seed in 0..<100 {
            var generator = SplitMix64(seed: UInt64(seed))
            #expect(SRVRecord.ordered(records, using: &generator).map(\.target) == ["a", "b", "c"])
        }
    }

    @Test func `within a priority the first place goes by weight`() {
        let records = [record(1, 60, "big"), record(1, 20, "small"), record(1, 20, "other")]
        var generator = SplitMix64(seed: 7)
        var first: [String: Int] = [:]
        for _ in 0..<10_000 {
            first[SRVRecord.ordered(records, using: &generator)[0].target, default: 0] += 1
        }
        #expect((5800...6200).contains(first["big"] ?? 0))
        #expect((1800...2200).contains(first["small"] ?? 0))
        #expect((1800...2200).contains(first["other"] ?? 0))
    }

    @Test func `a record without weight is rarely first among weighty ones`() {
        let records = [record(1, 0, "reserve"), record(1, 99, "main")]
        var generator = SplitMix64(seed: 1)
        let reserve = (0..<10_000).count { _ in
            SRVRecord.ordered(records, using: &generator)[0].target == "reserve"
        }
        #expect((50...150).contains(reserve))
    }

    @Test func `nothing is lost or repeated`() {
        var generator = SplitMix64(seed: 3)
        for count in 0..<40 {
            let records = (0..<count).map { index in
                record(
                    Int.random(in: 0...3, using: &generator),
                    Int.random(in: 0...5, using: &generator),
                    "host\(index)"
                )
            }
            let ordered = SRVRecord.ordered(records, using: &generator)
            #expect(Set(ordered) == Set(records))
            #expect(ordered.count == records.count)
            #expect(ordered.map(\.priority) == records.map(\.priority).sorted())
        }
    }

    @Test func `the same generator gives the same order`() {
        let records = (0..<10).map { record(1, 10, "host\($0)") }
        var one = SplitMix64(seed: 42)
        var two = SplitMix64(seed: 42)
        #expect(SRVRecord.ordered(records, using: &one) == SRVRecord.ordered(records, using: &two))
    }

    @Test func `a target of a single dot says that there is no service`() {
        #expect(record(0, 0, ".").isUnavailable)
        #expect(!record(0, 0, "host").isUnavailable)
    }
}
