import FoundationEssentials
import MachineKit
import SwiftProtobuf

extension Parcel {
    /// The parcel as the contract's protobuf message.
    public var encoded: [UInt8] {
        var wire = Causeway_V1_Parcel()
        wire.sender = sender
        wire.deliveries = deliveries.map(\.wire)
        wire.replies = replies.map(\.wire)
        wire.moves = moves.map(\.wire)
        wire.offers = offers.map(\.wire)
        wire.asksForOffers = asksForOffers
        do {
            return try wire.serializedBytes()
        } catch {
            // proto3 without required fields: only a message over 2 GiB cannot be written, and edges bound theirs.
            preconditionFailure("a parcel that protobuf cannot write: \(error)")
        }
    }

    /// Reads what came over the bus.
    ///
    /// A delivery that does not decode does not spoil its neighbours: it comes back as an id to refuse.
    public static func decode(_ octets: [UInt8]) throws(ContractError) -> Decoded {
        let wire: Causeway_V1_Parcel
        do {
            wire = try Causeway_V1_Parcel(serializedBytes: octets)
        } catch {
            throw ContractError(.notAParcel)
        }
        guard !wire.sender.isEmpty else { throw ContractError(.missing(.sender)) }
        var decoded = Decoded(parcel: Parcel(sender: wire.sender))
        decoded.parcel.deliveries.reserveCapacity(wire.deliveries.count)
        for delivery in wire.deliveries {
            do throws(ContractError) {
                decoded.parcel.deliveries.append(try Delivery(delivery))
            } catch {
                decoded.refused.append((DeliveryID(octets: Array(delivery.id)), error))
            }
        }
        decoded.parcel.moves = wire.moves.map { ShardMove($0) }
        decoded.parcel.offers = wire.offers.map { ServiceOffer($0) }
        decoded.parcel.asksForOffers = wire.asksForOffers
        for reply in wire.replies {
            do throws(ContractError) {
                decoded.parcel.replies.append(try Reply(reply))
            } catch {
                decoded.badReplies.append(error)
            }
        }
        return decoded
    }

    /// A parcel as far as it could be read.
    public struct Decoded: Sendable {
        public var parcel: Parcel
        /// Deliveries that do not decode; the id is nil when not even that can be read.
        public var refused: [(id: DeliveryID?, error: ContractError)] = []
        /// Replies that do not decode; their senders will be asked again.
        public var badReplies: [ContractError] = []

        /// A parcel of which everything could be read.
        public init(parcel: Parcel) {
            self.parcel = parcel
        }
    }
}

extension Delivery {
    fileprivate var wire: Causeway_V1_Delivery {
        var wire = Causeway_V1_Delivery()
        wire.id = id.wire
        wire.key = key.text
        wire.patienceMs = UInt32(clamping: patience.inNanoseconds / 1_000_000)
        wire.trace = trace
        wire.payload = payload.wire
        if let fence {
            wire.fence.service = fence.service.name
            wire.fence.shard = UInt32(fence.shard)
            wire.fence.epoch = fence.epoch
        }
        return wire
    }

    fileprivate init(_ wire: Causeway_V1_Delivery) throws(ContractError) {
        guard let id = DeliveryID(octets: Array(wire.id)) else { throw ContractError(.badIdentifier) }
        guard wire.hasPayload else { throw ContractError(.missing(.payload)) }
        self.init(
            id: id,
            key: ConversationKey(wire.key),
            patience: .milliseconds(Int64(wire.patienceMs)),
            trace: wire.trace,
            payload: try Payload(wire.payload),
            fence: wire.hasFence ? try Fence(wire.fence) : nil
        )
    }
}

extension Fence {
    fileprivate init(_ wire: Causeway_V1_Fence) throws(ContractError) {
        guard !wire.service.isEmpty, let shard = UInt8(exactly: wire.shard) else {
            throw ContractError(.missing(.fence))
        }
        self.init(service: ServiceName(wire.service), shard: shard, epoch: wire.epoch)
    }
}

extension ShardMove {
    fileprivate var wire: Causeway_V1_Move {
        var wire = Causeway_V1_Move()
        switch self {
        case .taken(let shards, of: let service):
            wire.service = service.name
            wire.shards = .init(shards.sorted())
        case .givenBack(let service):
            wire.service = service.name
            wire.givenBack = true
        }
        return wire
    }

    fileprivate init(_ wire: Causeway_V1_Move) {
        let service = ServiceName(wire.service)
        self = wire.givenBack ? .givenBack(service) : .taken(Set(wire.shards), of: service)
    }
}

extension Reply {
    fileprivate var wire: Causeway_V1_Reply {
        var wire = Causeway_V1_Reply()
        wire.id = id.wire
        switch outcome {
        case .ok(let answer):
            var ok = Causeway_V1_Ok()
            if let answer { ok.answer = answer.wire }
            wire.ok = ok
        case .failed(let failure):
            var failed = Causeway_V1_Failed()
            failed.reason = failure.reason.rawValue
            failed.text = failure.text
            if let answer = failure.answer { failed.answer = answer.wire }
            if let room = failure.room { failed.room = UInt32(clamping: room) }
            wire.failed = failed
        case .redirect(let service):
            wire.redirect = service.name
        case .busy(let retryAfter):
            wire.busy.retryAfterMs = UInt32(clamping: retryAfter.inNanoseconds / 1_000_000)
        }
        return wire
    }

    fileprivate init(_ wire: Causeway_V1_Reply) throws(ContractError) {
        guard let id = DeliveryID(octets: Array(wire.id)) else { throw ContractError(.badIdentifier) }
        switch wire.outcome {
        case .ok(let ok):
            self.init(id: id, outcome: .ok(ok.hasAnswer ? try Payload(ok.answer) : nil))
        case .failed(let failed):
            let failure = Failure(
                Failure.Reason(rawValue: failed.reason) ?? .internal,
                failed.text,
                answer: failed.hasAnswer ? try Payload(failed.answer) : nil,
                room: failed.hasRoom ? Int(failed.room) : nil
            )
            self.init(id: id, outcome: .failed(failure))
        case .redirect(let name):
            self.init(id: id, outcome: .redirect(ServiceName(name)))
        case .busy(let busy):
            self.init(id: id, outcome: .busy(retryAfter: .milliseconds(Int64(busy.retryAfterMs))))
        case nil:
            throw ContractError(.missing(.outcome))
        }
    }
}
