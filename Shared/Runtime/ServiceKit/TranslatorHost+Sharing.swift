package import BusContract
import Logging
import MachineKit
package import MessageBus
import Metrics
import NIOCore
import Store
package import TranslatorKit

/// What a host does because it is not the only one: shards come and go, and conversations are stored.
extension TranslatorHost {
    /// How long a host waits before it asks a store again that did not take what it was given.
    private static var retry: TimeAmount { .milliseconds(100) }

    @usableFromInline
    func startSharing() {
        guard let store else { return }
        let service = translator.service
        let loop = bus.loop
        let isDurable = form != nil
        let install = NIOLoopBound(self, eventLoop: loop)
        let shards = ShardHolder(
            service,
            on: bus,
            store: store,
            logger: logger,
            prepare: { epochs async throws(StoreError) in
                guard isDurable else { return }
                let rows = try await store.load(service: service.name, shards: Array(epochs.keys))
                do {
                    try await loop.submit { install.value.install(rows.values.flatMap(\.self)) }.get()
                } catch {
                    throw StoreError(.unavailable, "the event loop is gone: \(error)")
                }
            },
            taken: { [weak self] in self?.wakeUrgent() },
            lost: { [weak self] shards in self?.drop(Set(shards)) }
        )
        self.shards = shards
        shards.start()
    }

    /// This host's part in sharing the work; nil where it is not shared.
    package var holder: ShardHolder? { shards }

    /// Takes over what the last owners stored.
    private func install(_ rows: [ConversationRow]) {
        let (now, wallTime) = (Moment.now, WallTime.now)
        for row in rows {
            let key = ConversationKey(row.key)
            guard conversations[key] == nil, let header = RecordHeader(row.state) else { continue }
            dormant[key] = row.state
            nickname(key)
            if header.hasSent { urgent.append(key) }
            if let wake = header.wake {
                let wait = Duration.milliseconds(max(0, wake.milliseconds - wallTime.milliseconds))
                timers.set(PendingTimer(key: key, timer: nil), at: now + wait)
            }
        }
        setAlarm()
    }

    /// Sends again what the last owners had sent and not heard of; the shards had to be ours first.
    private func wakeUrgent() {
        let keys = urgent
        urgent = []
        for key in keys { _ = find(key) }
    }

    /// Goes on with a conversation that was taken over.
    @usableFromInline
    func wake(_ key: ConversationKey) -> Live? {
        guard let octets = dormant.removeValue(forKey: key), let form else { return nil }
        timers.cancel(PendingTimer(key: key, timer: nil))
        let record: ConversationRecord<Subject.Conversation>
        do {
            record = try form.decode(octets)
        } catch RecordError.laterVersion(let version) {
            dormant[key] = octets
            logger.warning(
                "a stored conversation is of a later release; it waits for a replica of that",
                metadata: ["service": "\(translator.service)", "version": "\(version)"]
            )
            return nil
        } catch {
            logger.error(
                "a stored conversation cannot be read; it begins anew",
                metadata: ["service": "\(translator.service)", "reason": "\(error)"]
            )
            return nil
        }
        let state = DurableState(record, at: .now, .now)
        let live = Live(key, translator.equipped(record.conversation, of: key), state)
        conversations[key] = live
        for (timer, moment) in state.timers { timers.set(PendingTimer(key: key, timer: timer), at: moment) }
        for sent in state.sent { send(sent.delivery, to: sent.service, key) }
        tell(.resumed, to: live)
        return live
    }

    /// Whether an input is a repeat of what the conversation was told before this host had it, or before it answered.
    @usableFromInline
    func answerAgain(
        _ id: DeliveryID,
        _ state: DurableState<Subject.Conversation>,
        _ responder: Responder
    ) -> Bool {
        if state.waiting.contains(id) {
            responders[id] = responder
            return true
        }
        guard let outcome = state.answer(to: id) else { return false }
        // An answer that waits for the store finds its responder when it leaves.
        if state.gated.contains(where: { $0.id == id }) {
            responders[id] = responder
        } else {
            responder.reply(outcome)
        }
        return true
    }

    /// Has a conversation stored before its answers leave; one that is not worth keeping answers at once.
    @usableFromInline
    func keep(_ live: Live) {
        guard let state = live.state, let form else { return }
        let isWanted = conversations[live.key] != nil && form.isDurable(live.conversation)
        guard isWanted || state.isStored || state.isDirty else { return release(state) }
        guard !state.isDirty else { return }
        state.isDirty = true
        dirty.append(live)
        guard dirty.count == 1, !isCommitting else { return }
        bus.loop.assumeIsolatedUnsafeUnchecked().execute { [self] in commit() }
    }

    private func release(_ state: DurableState<Subject.Conversation>) {
        let replies = state.gated
        state.gated = []
        for reply in replies { answer(reply.id, reply.outcome) }
    }

    /// One group of conversations on its way to the store.
    private struct Batch {
        var writes: [ConversationWrite] = []
        var items: [(live: Live, replies: [Reply])] = []
    }

    /// Stores all that is behind; one group is on its way at a time, so that they are stored in their order.
    private func commit() {
        guard !isCommitting, let store else { return }
        let batch = takeDirty()
        guard !batch.writes.isEmpty else { return }
        isCommitting = true
        let writes = batch.writes
        bus.loop.makeFutureWithTask { try await store.write(writes) }
            .assumeIsolatedUnsafeUnchecked().whenComplete { [self] result in
                isCommitting = false
                switch result {
                case .success(let results):
                    for (item, result) in zip(batch.items, results) {
                        settle(item.live, item.replies, result)
                    }
                    if !dirty.isEmpty { commit() }
                case .failure(let error):
                    putBack(batch, error)
                }
            }
    }

    private func takeDirty() -> Batch {
        let (lives, now, wallTime) = (dirty, Moment.now, WallTime.now)
        dirty = []
        var batch = Batch()
        for live in lives {
            guard let state = live.state, let form else { continue }
            state.isDirty = false
            // The owner has changed: the next one answers.
            guard let epoch = shards?.epoch(of: live.key.shard) else { continue }
            var octets: [UInt8]?
            if conversations[live.key] != nil, form.isDurable(live.conversation) {
                do {
                    octets = try form.encode(
                        state.record(of: live.conversation, version: form.version, at: now, wallTime)
                    )
                } catch {
                    logger.error("a conversation cannot be written", metadata: ["reason": "\(error)"])
                }
            }
            guard octets != nil || state.isStored else {
                release(state)
                continue
            }
            batch.writes.append(
                ConversationWrite(
                    service: translator.service.name,
                    shard: live.key.shard,
                    owner: bus.instance,
                    epoch: epoch,
                    key: live.key.text,
                    state: octets
                )
            )
            batch.items.append((live, state.gated))
            state.gated = []
            state.isStored = octets != nil
        }
        return batch
    }

    private func settle(_ live: Live, _ replies: [Reply], _ result: WriteResult) {
        switch result {
        case .stored:
            for reply in replies { answer(reply.id, reply.outcome) }
        case .fenced:
            // Another owner has it, and was told nothing of what happened here since: those who asked ask again.
            for reply in replies { responders.removeValue(forKey: reply.id)?.abandon() }
            forget(live)
        }
    }

    /// The store is away: answers wait for it, as long as those who asked do.
    private func putBack(_ batch: Batch, _ error: any Error) {
        logger.warning(
            "conversations could not be stored; trying again",
            metadata: ["count": "\(batch.items.count)", "reason": "\(error)"]
        )
        for (live, replies) in batch.items {
            guard let state = live.state else { continue }
            state.gated.insert(contentsOf: replies, at: 0)
            // It is not known what became of the write.
            state.isStored = true
            guard !state.isDirty else { continue }
            state.isDirty = true
            dirty.append(live)
        }
        bus.loop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: Self.retry) { [self] in commit() }
    }

    /// These shards are another's: everything of theirs that was under way is done there.
    private func drop(_ lost: Set<UInt8>) {
        for key in dormant.keys where lost.contains(key.shard) {
            dormant[key] = nil
            remove(key)
            timers.cancel(PendingTimer(key: key, timer: nil))
        }
        for live in conversations.values where lost.contains(live.key.shard) { forget(live) }
        for (id, responder) in responders where lost.contains(responder.shard) {
            responders[id] = nil
            responder.abandon()
        }
        living.record(conversations.count)
    }

    private func forget(_ live: Live) {
        guard conversations[live.key] === live else { return }
        remove(live.key)
        for id in live.state?.waiting ?? [] { responders.removeValue(forKey: id)?.abandon() }
    }
}
