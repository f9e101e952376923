import BusContract
import MachineKit

/// What each crossing of the bus between processes costs the two ends: a parcel with 16 stanzas.
enum ParcelCoding {
    static func operations() throws -> [Operation] {
        let parcel = Parcel(sender: "im-1", deliveries: (0..<16).map(delivery))
        let octets = parcel.encoded
        return [
            Operation("encode a parcel of 16 stanzas", batch: 200) { use(parcel.encoded) },
            Operation("decode a parcel of 16 stanzas", batch: 200) { use(try Parcel.decode(octets)) },
        ]
    }

    private static func delivery(_ number: Int) -> Delivery {
        Delivery(
            id: DeliveryID(high: 0x0123_4567_89AB_CDEF, low: UInt64(number)),
            key: ConversationKey("alice@wonder.example|user\(number)@sip.example"),
            patience: .seconds(30),
            payload: .stanza(BusAlone.message),
            fence: Fence(service: .instantMessaging, shard: 0x3F, epoch: 7)
        )
    }
}
