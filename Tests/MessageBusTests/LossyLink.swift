import BusContract
import MessageBus
import Synchronization

/// A link that loses what a test tells it to, and counts what passes.
final class LossyLink: BusLink {
    struct Losses: Sendable {
        var deliveries = 0
        var replies = 0
    }

    private let link: any BusLink
    private let losses: Mutex<Losses>
    private let passed = Mutex(Losses())

    init(_ link: any BusLink, losing losses: Losses) {
        self.link = link
        self.losses = Mutex(losses)
    }

    /// How many deliveries and replies were published and not lost.
    var passedSoFar: Losses { passed.withLock(\.self) }

    func open(_ receive: @escaping @Sendable ([Arrival]) -> Void) { link.open(receive) }
    func subscribe(_ prefix: String) { link.subscribe(prefix) }
    func unsubscribe(_ prefix: String) { link.unsubscribe(prefix) }
    func close() async { await link.close() }

    func publish(_ mail: [Mail]) {
        let kept = mail.map { mail in
            var mail = mail
            losses.withLock { losses in
                while losses.deliveries > 0, !mail.parcel.deliveries.isEmpty {
                    losses.deliveries -= 1
                    mail.parcel.deliveries.removeFirst()
                }
                while losses.replies > 0, !mail.parcel.replies.isEmpty {
                    losses.replies -= 1
                    mail.parcel.replies.removeFirst()
                }
            }
            passed.withLock {
                $0.deliveries += mail.parcel.deliveries.count
                $0.replies += mail.parcel.replies.count
            }
            return mail
        }
        link.publish(kept)
    }
}
