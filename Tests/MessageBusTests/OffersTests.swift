import BusContract
import MachineKit
import MessageBus
import NIOCore
import NIOPosix
import SIPGrammar
import Testing

struct OffersTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.any()
    private static let offer = ServiceOffer(
        ServiceName("audio"),
        letter: "a",
        claims: [
            SIPClaim(.invite, .media("audio"), keying: .byDialog), SIPClaim(.subscribe, .event("dialog")),
            SIPClaim(.options),
        ],
        allow: [.bye],
        accept: ["application/sdp"],
        supported: ["timer"],
        queries: ["urn:xmpp:jingle:1"],
        features: ["urn:xmpp:jingle:apps:rtp:audio"]
    )

    @Test(arguments: BusKind.allCases, [true, false])
    func `whoever watches hears what is offered, whichever came first`(
        _ kind: BusKind,
        _ isOfferFirst: Bool
    )
        async throws
    {
        let bus = try TestBus(kind)
        let (audio, edge) = (try bus.client("audio.1", on: loop), try bus.client("edge.1", on: loop))
        let (heard, continuation) = AsyncStream<ServiceOffer>.makeStream()
        try await loop.submit {
            if isOfferFirst { audio.offer(Self.offer) }
            edge.watchOffers { continuation.yield($0) }
            if !isOfferFirst { audio.offer(Self.offer) }
        }.get()
        var offers = heard.makeAsyncIterator()
        #expect(await offers.next() == Self.offer)
        await audio.close()
        await edge.close()
    }

    @Test func `a directory knows who runs, who is down and who is not there`() {
        var directory = ServiceDirectory(at: .start)
        let audio = Self.offer.service
        #expect(directory.presence(of: audio, at: .start + .seconds(20)) == .running)
        #expect(directory.presence(of: audio, at: .start + .seconds(21)) == .absent)
        directory.heed(Self.offer, at: .start + .seconds(30))
        #expect(directory.edition == 1)
        directory.heed(Self.offer, at: .start + .seconds(32))
        #expect(directory.edition == 1)
        #expect(directory.presence(of: audio, at: .start + .seconds(52)) == .running)
        #expect(directory.presence(of: audio, at: .start + .seconds(53)) == .down)
        #expect(directory.service(minting: "a") == audio)
        #expect(directory.service(minting: "i") == .instantMessaging)
        #expect(directory.service(minting: "z") == nil)
        #expect(directory.service(answering: "urn:xmpp:jingle:1") == audio)
        #expect(directory.service(answering: "jabber:iq:last") == nil)
    }

    @Test func `a broken service cannot make a directory grow`() {
        var directory = ServiceDirectory(at: .start)
        for number in 0..<1_000 { directory.heed(ServiceOffer(ServiceName("s\(number)")), at: .start) }
        #expect(directory.offers.count == 256)
    }
}
