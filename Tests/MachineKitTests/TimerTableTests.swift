import MachineKit
import TestKit
import Testing

@Suite("A table of timers")
struct TimerTableTests {
    private func moment(_ seconds: Int64) -> Moment { .start + .seconds(seconds) }

    @Test func `gives timers in the order of their moments`() {
        var table = TimerTable<String>()
        table.set("late", at: moment(3))
        table.set("early", at: moment(1))
        table.set("middle", at: moment(2))
        #expect(table.nextMoment == moment(1))
        #expect(table.popDue(at: moment(2))?.timer == "early")
        #expect(table.popDue(at: moment(2))?.timer == "middle")
        #expect(table.popDue(at: moment(2)) == nil)
        #expect(table.count == 1)
    }

    @Test func `moves a timer that is set again`() {
        var table = TimerTable<String>()
        table.set("it", at: moment(1))
        table.set("it", at: moment(5))
        #expect(table.popDue(at: moment(4)) == nil)
        #expect(table.popDue(at: moment(5))?.timer == "it")
        #expect(table.popDue(at: moment(9)) == nil)
    }

    @Test func `forgets a timer that is cancelled`() {
        var table = TimerTable<String>()
        table.set("it", at: moment(1))
        table.cancel("it")
        #expect(table.nextMoment == nil)
        #expect(table.popDue(at: moment(2)) == nil)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `agrees with a plain list whatever is done to it`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var table = TimerTable<Int>()
        var list: [Int: Int64] = [:]
        for _ in 0..<500 {
            let timer = Int.random(in: 0..<40, using: &random)
            let second = Int64.random(in: 0..<100, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                table.cancel(timer)
                list[timer] = nil
            case 1:
                let due = list.filter { $0.value <= second }
                var taken: [Int64] = []
                while let popped = table.popDue(at: moment(second)) {
                    #expect(list[popped.timer].map(moment) == popped.at)
                    taken.append(popped.at.nanoseconds)
                    list[popped.timer] = nil
                }
                #expect(taken.count == due.count)
                #expect(taken == taken.sorted())
            default:
                table.set(timer, at: moment(second))
                list[timer] = second
            }
            #expect(table.count == list.count)
            #expect(table.nextMoment == list.values.min().map(moment))
        }
    }
}
