import BusContract
import MachineKit
import NIOCore
import XMPPGrammar
import XMPPTransport

/// Stanzas on their way out by one stream: those that wait for it, and those that the socket has not taken yet.
struct StanzaQueue {
    /// A stanza to send, and who is told how it went; nil says that it was never written and never will be here.
    struct Entry {
        var element: Element
        var deadline: Moment
        var reply: ((Outcome?) -> Void)?
    }

    private struct Unconfirmed {
        var mark: UInt64
        var reply: (Outcome?) -> Void
    }

    private let mostWaiting: Int
    private var waiting = CircularBuffer<Entry>()
    private var unconfirmed = CircularBuffer<Unconfirmed>()

    init(mostWaiting: Int) {
        self.mostWaiting = mostWaiting
    }

    var isWaiting: Bool { !waiting.isEmpty }
    var isEmpty: Bool { waiting.isEmpty && unconfirmed.isEmpty }

    /// Keeps a stanza until there is a stream; a full queue says so at once.
    mutating func wait(_ entry: Entry) {
        guard waiting.count < mostWaiting else {
            entry.reply?(.busy(retryAfter: .seconds(1)))
            return
        }
        waiting.append(entry)
    }

    /// Writes a stanza now.
    mutating func write(_ entry: Entry, to connection: XMPPConnection) {
        guard !connection.isFull else {
            entry.reply?(.busy(retryAfter: .milliseconds(500)))
            return
        }
        let mark = connection.write(entry.element)
        guard let reply = entry.reply else { return }
        unconfirmed.append(Unconfirmed(mark: mark, reply: reply))
    }

    /// Writes all that waits.
    mutating func flush(to connection: XMPPConnection) {
        while let entry = waiting.popFirst() { write(entry, to: connection) }
    }

    /// The socket has taken everything up to a mark.
    mutating func confirm(_ mark: UInt64) {
        while let first = unconfirmed.first, first.mark <= mark {
            unconfirmed.removeFirst()
            first.reply(.ok(nil))
        }
    }

    /// Those that the socket did not take will never be known to have left.
    mutating func failUnconfirmed(_ failure: Failure) {
        let failed = unconfirmed
        unconfirmed.removeAll()
        for entry in failed { entry.reply(.failed(failure)) }
    }

    mutating func failWaiting(_ failure: Failure) {
        endWaiting(.failed(failure))
    }

    /// Leaves those that wait to another way.
    mutating func giveUpWaiting() {
        endWaiting(nil)
    }

    private mutating func endWaiting(_ outcome: Outcome?) {
        let ended = waiting
        waiting.removeAll()
        for entry in ended { entry.reply?(outcome) }
    }

    /// Gives up on those whose time is over.
    mutating func expire(at now: Moment, _ failure: Failure) {
        guard waiting.contains(where: { $0.deadline <= now }) else { return }
        let old = waiting
        waiting.removeAll()
        for entry in old {
            if entry.deadline <= now {
                entry.reply?(.failed(failure))
            } else {
                waiting.append(entry)
            }
        }
    }
}
