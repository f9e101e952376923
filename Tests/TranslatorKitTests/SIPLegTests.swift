import BusContract
import Foundation
import MachineKit
import SIPDialogs
import SIPGrammar
import Testing
import TranslatorKit

/// A call leg's way over the bus; what a dialog does is tested where it is made.
struct SIPLegTests {
    private static let audio = ServiceName("audio")
    private static let edge = ServiceName("sip-edge@1")
    private static let contact = SIPNameAddress(
        SIPURI(.sip, user: "agent", host: .name(SIPContact.placeholder))
    )
    private static let description = SessionBody("application/sdp", Array("v=0\r\n".utf8))

    private static func delivery(_ number: UInt64, _ payload: Payload) -> Delivery {
        Delivery(
            id: DeliveryID(high: 7, low: number),
            key: ConversationKey("call"),
            patience: .seconds(20),
            payload: payload
        )
    }

    private static func arrival(_ number: UInt64, _ method: SIPMethod, tag: String = "") -> Delivery {
        let request = SIPRequest(
            method,
            .sip(SIPURI(.sip, user: "juliet", host: .name("wonder.example"))),
            headers: [
                .via: "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK\(number)",
                .from: "<sip:romeo@sip.example>;tag=r", .to: "<sip:juliet@wonder.example>\(tag)",
                .callID: "1", .cSeq: "\(method == .ack ? 1 : number) \(method.name)",
                .contact: "<sip:romeo@192.0.2.1>", .contentType: "application/sdp",
            ],
            body: method == .invite ? Array("v=0\r\n".utf8) : []
        )
        return delivery(
            number,
            .sipArrival(
                SIPArrival(
                    request: request,
                    identity: SIPURI(.sip, user: "romeo", host: .name("sip.example")),
                    displayName: nil,
                    at: WallTime(milliseconds: 0),
                    source: "udp:192.0.2.1:5060",
                    edge: method == .invite ? edge : nil
                )
            )
        )
    }

    private func answering() -> (leg: SIPLeg, turn: SIPLeg.Turn) {
        let invite = Self.arrival(1, .invite)
        var leg = SIPLeg(
            answering: invite,
            for: Self.audio,
            InviteSession(answeringAs: "us", contact: Self.contact, seed: 1)
        )
        let turn = leg.take(.delivery(invite), at: .start)
        return (leg, turn)
    }

    private func responses(_ turn: SIPLeg.Turn) -> [(id: DeliveryID, status: Int, to: ServiceName)] {
        turn.actions.compactMap { action in
            guard case .deliver(let delivery, to: let service) = action,
                case .sipResponding(let responding) = delivery.payload
            else { return nil }
            return (delivery.id, responding.response.status, service)
        }
    }

    private func dispatches(_ turn: SIPLeg.Turn) -> [(id: DeliveryID, dispatch: SIPDispatch)] {
        turn.actions.compactMap { action in
            guard case .deliver(let delivery, to: .sipEdge) = action,
                case .sipDispatch(let dispatch) = delivery.payload
            else { return nil }
            return (delivery.id, dispatch)
        }
    }

    @Test func `an INVITE is taken, and answered at the edge that holds it`() throws {
        var (leg, taken) = answering()
        #expect(taken.actions == [.reply(to: DeliveryID(high: 7, low: 1), .ok(nil))])
        #expect(taken.events == [.invited(Self.description)])
        let ringing = responses(leg.perform(.progress(180), at: .start))
        #expect(ringing.map(\.status) == [180])
        #expect(ringing.map(\.to) == [Self.edge])
        let accepted = leg.perform(.accept(Self.description), at: .start)
        #expect(responses(accepted).map(\.status) == [200])
        #expect(Set(ringing.map(\.id) + responses(accepted).map(\.id)).count == 2)
        let ack = leg.take(.delivery(Self.arrival(2, .ack, tag: ";tag=us")), at: .start)
        #expect(ack.actions == [.reply(to: DeliveryID(high: 7, low: 2), .ok(nil))])
        #expect(ack.events == [.established(fork: "r")])
    }

    @Test func `a request within the dialog is answered by its own reply`() {
        var (leg, _) = answering()
        _ = leg.perform(.accept(Self.description), at: .start)
        _ = leg.take(.delivery(Self.arrival(2, .ack, tag: ";tag=us")), at: .start)
        let bye = leg.take(.delivery(Self.arrival(3, .bye, tag: ";tag=us")), at: .start)
        guard case .reply(to: DeliveryID(high: 7, low: 3), .ok(.sipAnswer(let answer)))? = bye.actions.first
        else {
            Issue.record("\(bye.actions)")
            return
        }
        #expect(answer.status == 200)
        #expect(bye.events == [.ended(.hungUp([], byPeer: true))])
    }

    @Test func `an edge that has died is replaced by any other`() {
        var (leg, _) = answering()
        let first = responses(leg.perform(.accept(Self.description), at: .start))
        guard let id = first.first?.id else {
            Issue.record("nothing was sent")
            return
        }
        let again = leg.take(.outcome(of: id, .failed(Failure(.deadline, "silent"))), at: .start)
        #expect(responses(again).map(\.status) == [200])
        #expect(responses(again).map(\.to) == [.sipEdge])
        #expect(responses(again).first?.id != id)
        #expect(
            responses(leg.take(.outcome(of: id, .failed(Failure(.deadline, "silent"))), at: .start)).isEmpty
        )
    }

    @Test func `a call goes out, is followed by its responses and acknowledged`() throws {
        let invitation = Invitation(
            callID: "a3f-1",
            localTag: "us",
            from: SIPNameAddress(SIPURI(.sip, user: "juliet", host: .name("wonder.example"))),
            to: SIPNameAddress(SIPURI(.sip, user: "romeo", host: .name("sip.example"))),
            contact: Self.contact
        )
        let why = Self.delivery(1, .opaque(type: "x", []))
        var leg = SIPLeg(because: why, of: Self.audio, InviteSession(invitation, seed: 1))
        let invite = try #require(dispatches(leg.perform(.start(Self.description), at: .start)).first)
        #expect(invite.dispatch.request.method == .invite)
        #expect(invite.dispatch.progressTo == Self.audio)
        #expect(leg.take(.outcome(of: invite.id, .ok(nil)), at: .start) == SIPLeg.Turn())
        func respond(_ number: UInt64, _ status: Int) -> SIPLeg.Turn {
            let response = SIPResponse(
                status,
                headers: [
                    .from: "<sip:juliet@wonder.example>;tag=us", .to: "<sip:romeo@sip.example>;tag=r",
                    .callID: "a3f-1", .cSeq: "1 INVITE", .contact: "<sip:romeo@192.0.2.1>",
                    .contentType: "application/sdp",
                ],
                body: Array("v=0\r\n".utf8)
            )
            let progress = Self.delivery(number, .sipProgress(SIPProgress(of: invite.id, response)))
            #expect(leg.concerns(.delivery(progress)))
            return leg.take(.delivery(progress), at: .start)
        }
        #expect(respond(2, 180).events.contains(.progress(180, fork: "r")))
        let answered = respond(3, 200)
        #expect(answered.events.last == .established(fork: "r"))
        #expect(dispatches(answered).map(\.dispatch.request.method) == [.ack])
        // A 2xx that comes again is acknowledged again, under another id.
        let again = respond(4, 200)
        #expect(dispatches(again).map(\.dispatch.request.method) == [.ack])
        #expect(dispatches(again).first?.id != dispatches(answered).first?.id)
        let bye = try #require(dispatches(leg.perform(.hangUp(), at: .start)).first)
        #expect(bye.dispatch.request.method == .bye)
        let done = leg.take(.outcome(of: bye.id, .ok(.sipResponse(SIPResponse(200)))), at: .start)
        #expect(done.events == [.ended(.hungUp([], byPeer: false))])
    }

    @Test(arguments: [
        (Failure.Reason.timeout, 408), (.domainNotFound, 404), (.unreachable, 503), (.forbidden, 403),
    ])
    func `a call that nobody can be asked about has failed`(_ reason: Failure.Reason, _ status: Int) throws {
        let invitation = Invitation(
            callID: "1",
            localTag: "us",
            from: Self.contact,
            to: Self.contact,
            contact: Self.contact
        )
        var leg = SIPLeg(
            because: Self.delivery(1, .opaque(type: "x", [])),
            of: Self.audio,
            InviteSession(invitation, seed: 1)
        )
        let invite = try #require(dispatches(leg.perform(.start(nil), at: .start)).first)
        let turn = leg.take(.outcome(of: invite.id, .failed(Failure(reason, "x"))), at: .start)
        guard case .ended(.refused(let response))? = turn.events.last else {
            Issue.record("\(turn.events)")
            return
        }
        #expect(response.status == status)
    }

    @Test func `goes on with another owner as it was stored`() throws {
        var (leg, _) = answering()
        _ = leg.perform(.accept(Self.description), at: .start)
        var stored = try JSONDecoder().decode(SIPLeg.self, from: JSONEncoder().encode(leg))
        #expect(stored == leg)
        let ack = stored.take(.delivery(Self.arrival(2, .ack, tag: ";tag=us")), at: .start)
        #expect(ack.events == [.established(fork: "r")])
    }

    @Test func `an INVITE that is asked again after its refusal is another leg's`() {
        var (leg, _) = answering()
        _ = leg.perform(.reject(422), at: .start)
        #expect(!leg.concerns(.delivery(Self.arrival(2, .invite))))
        #expect(leg.session.hasEnded)
    }
}
