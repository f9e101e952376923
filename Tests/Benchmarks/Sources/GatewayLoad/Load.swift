import CDatagrams
import Glibc

/// One direction's load: what starts a message, and what the two sockets bring.
protocol Load: AnyObject {
    var tally: Tally { get set }
    var conversations: Conversations { get set }
    func start(_ marker: Marker)
    func repeatMessage(_ marker: Marker)
    func heardDatagram(_ octets: UnsafeRawBufferPointer, now: Int64)
    /// How much of the stream was used.
    func heardStream(_ octets: UnsafeRawBufferPointer, now: Int64) -> Int
}

/// Drives a load: closed loop or fixed rate, one thread, one poll.
struct LoadRun<Direction: Load> {
    private let settings: LoadSettings
    private let load: Direction
    private let datagrams: DatagramSocket
    /// Nil: what the edge alone does is measured.
    private let component: ComponentServer?
    private var scanAt: Int64 = 0

    init(_ settings: LoadSettings, load: Direction, datagrams: DatagramSocket, component: ComponentServer?) {
        self.settings = settings
        self.load = load
        self.datagrams = datagrams
        self.component = component
    }

    /// Waits for the gateway, makes every pair known to it, measures, and returns the line of results.
    mutating func measure() -> String {
        say("{\"event\": \"listening\"}")
        while component?.isOpen == false { turn(patience: 100_000_000) }
        warmUp()
        load.tally = Tally()
        say("{\"event\": \"begin\"}")
        let start = nanosecondsNow()
        let end = start + Int64(settings.seconds * 1e9)
        if settings.rate > 0 { keepRate(from: start, to: end) } else { closeLoop(until: end) }
        let seconds = Double(nanosecondsNow() - start) / 1e9
        let completed = load.tally.completed
        say("{\"event\": \"end\"}")
        drain()
        let lost = load.tally.sent - load.tally.completed - load.tally.refused
        let unseen = component == nil ? 0 : max(0, load.tally.completed - load.tally.arrived)
        load.tally.completed = completed
        return load.tally.report(seconds: seconds, lost: lost + unseen)
    }

    /// One message a pair: afterwards streams are up and recipients known to exist.
    private mutating func warmUp() {
        for _ in 0..<settings.users {
            let now = nanosecondsNow()
            guard let marker = load.conversations.start(due: now, now: now) else { break }
            load.start(marker)
            turn(patience: 0)
        }
        drain()
    }

    private mutating func closeLoop(until end: Int64) {
        while case let now = nanosecondsNow(), now < end, component?.isClosed != true {
            while let marker = load.conversations.start(due: now, now: now) { load.start(marker) }
            turn(patience: 10_000_000)
            if settings.gather > 0 { usleep(UInt32(settings.gather)) }
        }
    }

    private mutating func keepRate(from start: Int64, to end: Int64) {
        let interval = 1e9 / settings.rate
        var number = 0.0
        while case let now = nanosecondsNow(), now < end, component?.isClosed != true {
            while case let due = start + Int64(number * interval), due <= now {
                guard let marker = load.conversations.start(due: due, now: now) else {
                    load.tally.late += 1
                    break
                }
                load.start(marker)
                number += 1
            }
            turn(patience: max(0, min(start + Int64(number * interval) - nanosecondsNow(), 10_000_000)))
        }
    }

    /// Until nothing is under way, at most as long as a SIP transaction lasts.
    private mutating func drain() {
        let deadline = nanosecondsNow() + 40_000_000_000
        while load.conversations.underWay > 0, nanosecondsNow() < deadline { turn(patience: 10_000_000) }
        // The stanzas of the last answers may still be on their way.
        let settle = nanosecondsNow() + 500_000_000
        while nanosecondsNow() < settle { turn(patience: 10_000_000) }
    }

    /// Sends what is queued, waits for the sockets, and hands over what they bring.
    private mutating func turn(patience: Int64) {
        datagrams.flush()
        component?.flush()
        var watched = [
            pollfd(fd: datagrams.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(
                // A negative descriptor is passed over (poll(2)).
                fd: component?.descriptor ?? -1,
                events: Int16(POLLIN | (component?.wantsToWrite == true ? POLLOUT : 0)),
                revents: 0
            ),
        ]
        guard unsafe poll_nanoseconds(&watched, 2, patience) >= 0 else { return }
        let now = nanosecondsNow()
        if watched[0].revents != 0 {
            unsafe datagrams.receive { unsafe load.heardDatagram($0, now: now) }
        }
        if watched[1].revents != 0 {
            unsafe component?.receive { unsafe load.heardStream($0, now: now) }
        }
        if now >= scanAt {
            scanAt = now + 50_000_000
            for marker in load.conversations.overdue(now: now) { load.repeatMessage(marker) }
        }
    }
}

/// One line for whoever started this, at once.
func say(_ line: String) {
    write(line + "\n", to: STDOUT_FILENO)
}

func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { octets in _ = unsafe Glibc.write(descriptor, octets.baseAddress, octets.count) }
}
