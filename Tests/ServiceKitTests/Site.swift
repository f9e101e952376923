import MachineKit
import ServiceKit
import Store
import TestKit

/// Several keepers and the store that they share, on a clock that moves only when told.
///
/// The store answers after some milliseconds, as a real one does.
struct Site {
    private struct Member {
        var keeper: ShardKeeper
        var timers = TimerTable<ShardKeeper.Timer>()
        var isPaused = false
        var missed: [ShardKeeper.Input] = []
    }

    private struct Answer {
        var at: Moment
        var to: String
        var input: ShardKeeper.Input
    }

    private struct Row {
        var owner: String
        var epoch: Int64
        var until: Moment
    }

    private(set) var now = Moment.start
    /// How often the store was asked something.
    private(set) var questions = 0
    /// Shards that were taken from a former owner who was alive.
    private(set) var moved: [String] = []
    /// What must never be while no clock jumps: two that own a shard at a time.
    private(set) var faults: [String] = []
    /// What must never be: two that own a shard under one epoch, or an older epoch that the store still takes writes of.
    private(set) var epochFaults: [String] = []
    /// How many of the next questions to give something back do not reach the store.
    var lostReleases = 0
    /// Whether the store does not answer.
    var isAway = false
    /// How far the store's clock is from the members', which agree on how fast time passes and on nothing else.
    var storeIsAhead = Duration.zero

    private var members: [String: Member] = [:]
    private var beats: [String: Moment] = [:]
    private var leases: [UInt8: Row] = [:]
    private var answers: [Answer] = []
    private var random: SplitMix64

    init(members count: Int, seed: UInt64 = 1) {
        random = SplitMix64(seed: seed)
        for number in 0..<count { join("m\(number)") }
    }

    var alive: [String] { members.keys.sorted() }
    var paused: [String] { members.filter(\.value.isPaused).keys.sorted() }

    /// How many shards each member owns now; those with none are not in it.
    var shares: [String: Int] {
        members.compactMapValues { member in
            let count = (0...255 as ClosedRange<UInt8>).count { member.keeper.epoch(of: $0, at: now) != nil }
            return count == 0 ? nil : count
        }
    }

    func owned(by name: String) -> [UInt8] {
        (0...255).filter { members[name]?.keeper.epoch(of: $0, at: now) != nil }
    }

    func owners(of shards: ClosedRange<UInt8>) -> [String] {
        shards.flatMap { shard in alive.filter { members[$0]?.keeper.epoch(of: shard, at: now) != nil } }
    }

    mutating func join(_ name: String) {
        members[name] = Member(keeper: ShardKeeper(owner: name))
        tell(name, .start)
    }

    mutating func kill(_ name: String) {
        members[name] = nil
    }

    /// As SIGSTOP: nothing is done, and what falls due or arrives is done later.
    mutating func pause(_ name: String) {
        members[name]?.isPaused = true
    }

    mutating func resume(_ name: String) {
        members[name]?.isPaused = false
        let missed = members[name]?.missed ?? []
        members[name]?.missed = []
        for input in missed { tell(name, input) }
    }

    mutating func tell(_ name: String, _ input: ShardKeeper.Input) {
        guard var member = members[name] else { return }
        guard !member.isPaused else {
            members[name]?.missed.append(input)
            return
        }
        let effects = member.keeper.handle(input, at: now)
        members[name] = member
        obey(effects, name)
    }

    mutating func run(_ duration: Duration) {
        let end = now + duration
        while true {
            let timers = members.compactMap { name, member -> (String, Moment)? in
                var member = member
                guard !member.isPaused, let next = member.timers.nextMoment else { return nil }
                return (name, next)
            }
            let timer = timers.min { ($0.1, $0.0) < ($1.1, $1.0) }
            let answer = answers.indices.min { answers[$0].at < answers[$1].at }
            let next = min(timer?.1 ?? end, answer.map { answers[$0].at } ?? end)
            guard next < end else { break }
            now = max(now, next)
            if let answer, answers[answer].at <= next {
                let due = answers.remove(at: answer)
                tell(due.to, due.input)
            } else if let name = timer?.0 {
                fire(name)
            }
            check()
        }
        now = end
        check()
    }

    private mutating func fire(_ name: String) {
        guard var member = members[name], let (timer, _) = member.timers.popDue(at: now) else { return }
        let effects = member.keeper.fired(timer, at: now)
        members[name] = member
        obey(effects, name)
    }

    private mutating func obey(_ effects: ShardKeeper.Effects, _ name: String) {
        for effect in effects {
            switch effect {
            case .send(let output): ask(output, name)
            case .set(let timer, at: let moment): members[name]?.timers.set(timer, at: moment)
            case .cancel(let timer): members[name]?.timers.cancel(timer)
            case .ignore: break
            }
        }
    }

    /// The store does what it is asked, and the answer takes its time.
    private mutating func ask(_ output: ShardKeeper.Output, _ name: String) {
        switch output {
        case .own, .lose: return
        case .renew, .claim, .release, .leave: questions += 1
        }
        let delay = Duration.milliseconds(Int64.random(in: 1...8, using: &random))
        guard !isAway else {
            switch output {
            case .renew, .claim: answers.append(Answer(at: now + .seconds(1), to: name, input: .failed))
            case .leave: members[name] = nil
            case .release, .own, .lose: break
            }
            return
        }
        switch output {
        case .renew:
            let until = storeNow + ShardKeeper.life
            beats[name] = until
            for (shard, row) in leases where row.owner == name && row.until > storeNow {
                leases[shard]?.until = until
            }
            answers.append(Answer(at: now + delay, to: name, input: .roster(roster)))
        case .claim(let shards):
            answers.append(Answer(at: now + delay, to: name, input: .claimed(claim(shards, name))))
        case .release where lostReleases > 0:
            lostReleases -= 1
        case .release(let shards):
            for shard in shards where leases[shard]?.owner == name { giveBack(shard) }
            nudge(name, after: delay)
        case .leave:
            for (shard, row) in leases where row.owner == name { giveBack(shard) }
            beats[name] = nil
            members[name] = nil
            nudge(name, after: delay)
        case .own, .lose: break
        }
    }

    private mutating func giveBack(_ shard: UInt8) {
        let now = storeNow
        leases[shard]?.owner = ""
        leases[shard]?.until = now
    }

    private mutating func claim(_ shards: [UInt8], _ name: String) -> [UInt8: Int64] {
        var epochs: [UInt8: Int64] = [:]
        for shard in shards {
            let row = leases[shard]
            guard row.map({ $0.until <= storeNow || $0.owner == name }) ?? true else { continue }
            if let row, row.owner != name, members[row.owner] != nil {
                moved.append("\(now.sinceStart): \(name) took \(shard) of \(row.owner)")
            }
            let epoch = (row?.epoch ?? 0) + 1
            leases[shard] = Row(owner: name, epoch: epoch, until: storeNow + ShardKeeper.life)
            epochs[shard] = epoch
        }
        return epochs
    }

    private var storeNow: Moment { now + storeIsAhead }

    private var roster: Roster {
        Roster(
            members: beats.filter { $0.value > storeNow }.keys.sorted(),
            leases: leases.mapValues { Lease(owner: $0.owner, epoch: $0.epoch, isLive: $0.until > storeNow) }
        )
    }

    private mutating func nudge(_ name: String, after delay: Duration) {
        for other in alive where other != name {
            answers.append(Answer(at: now + delay, to: other, input: .nudge))
        }
    }

    private mutating func check() {
        for shard in 0...255 as ClosedRange<UInt8> {
            let owners = alive.filter { members[$0]?.keeper.epoch(of: shard, at: now) != nil }
            guard owners.count > 1 else { continue }
            faults.append("\(now.sinceStart): \(shard) is owned by \(owners)")
            let epochs = owners.compactMap { members[$0]?.keeper.epoch(of: shard, at: now) }
            let isFenced = epochs.allSatisfy { $0 <= leases[shard]?.epoch ?? 0 }
            guard Set(epochs).count == epochs.count, isFenced else {
                epochFaults.append("\(now.sinceStart): \(shard) is owned by \(owners) under \(epochs)")
                continue
            }
        }
    }
}
