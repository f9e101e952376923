import BusContract
import Foundation
import Logging
import MachineKit
import MessageBus
import NIOCore
import NIOPosix
import ServiceKit
import Store
import Testing

/// Replicas of a durable translator on one bus and one store.
@Suite("Replicas of a translator", .timeLimit(.minutes(2)))
struct DurableHostTests {
    @Test func `share the work, and each conversation is at one of them`() async throws {
        let site = try await Office()
        try await site.join("one")
        try await site.join("two")
        try await site.share([128, 128])
        for number in 0..<64 as Range<UInt64> {
            #expect(try await site.ask(number) == .ok(Ledger.payload(1)))
        }
        let counts = try await site.conversations()
        #expect(counts.reduce(0, +) == 64)
        #expect(counts.allSatisfy { $0 > 8 })
        await site.close()
    }

    @Test func `hand their conversations over with their state when they leave`() async throws {
        let site = try await Office()
        try await site.join("one")
        try await site.join("two")
        try await site.share([128, 128])
        for number in 0..<32 as Range<UInt64> {
            #expect(try await site.ask(number) == .ok(Ledger.payload(1)))
        }
        try await site.leave("one")
        try await site.share([256])
        for number in 0..<32 as Range<UInt64> {
            #expect(try await site.ask(number, round: 1) == .ok(Ledger.payload(2)))
        }
        await site.close()
    }

    @Test func `take over what a killed one had, and answer once what it had not answered`() async throws {
        let site = try await Office(bankAnswers: false)
        try await site.join("one")
        try await site.share([256])
        let answers = (0..<16 as Range<UInt64>).map { number in Task { try await site.ask(number) } }
        try await site.asked(16)
        try await site.settleStore()
        try await site.join("two")
        site.kill("one")
        try await site.share([256])
        site.openBank()
        for answer in answers { #expect(try await answer.value == .ok(Ledger.payload(1))) }
        for number in 0..<16 as Range<UInt64> {
            #expect(try await site.ask(number, round: 1) == .ok(Ledger.payload(2)))
        }
        // Each question was recognised, whoever asked it again.
        #expect(site.distinctQuestions == 32)
        await site.close()
    }

    @Test func `leave alone what a later release has stored`() async throws {
        let site = try await Office()
        try await site.join("later", stateVersion: 2)
        try await site.share([256])
        #expect(try await site.ask(1) == .ok(Ledger.payload(1)))
        let stored = try await site.states()
        site.kill("later")
        try await site.join("earlier")
        try await site.share([256])
        #expect(try await site.ask(1, round: 1) == .busy(retryAfter: .seconds(5)))
        #expect(try await site.ask(2) == .ok(Ledger.payload(1)))
        #expect(try await site.states().contains(stored[0]))
        await site.close()
    }

    @Test func `forget in the store what is over`() async throws {
        let site = try await Office()
        try await site.join("one")
        try await site.share([256])
        #expect(try await site.ask(1) == .ok(Ledger.payload(1)))
        #expect(try await site.stored() == 1)
        #expect(try await site.ask(1, round: 1, payload: 0) == .ok(nil))
        #expect(try await site.stored() == 0)
        await site.close()
    }
}
