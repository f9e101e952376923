import BusContract
import InstantMessaging
import MachineKit
import SIPGrammar
import TestKit
import Testing
import TranslatorKit
import XMPPGrammar

/// What holds whatever the edges say, and in whatever order.
struct LawTests {
    /// What a run has seen so far.
    private struct Record {
        var replies: [DeliveryID: Int] = [:]
        var dispatched: Set<DeliveryID> = []
        /// What was taken on the SIP side, by the delivery that brought it.
        var taken: [String] = []
        var violations: [String] = []
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `every delivery gets one reply, nothing is sent twice, and order is kept`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var scene = Scene { $0.queueLimit = 8 }
        var record = Record()
        for step in 0..<60 {
            let actions: [Action]
            switch Int.random(in: 0..<10, using: &random) {
            case 0...2: actions = scene.xmpp(Self.stanza(step, using: &random), patience: .seconds(40))
            case 3...4: actions = scene.sip(Self.request(step, using: &random))
            case 5...7: actions = Self.answer(&scene, &record, using: &random)
            case 8:
                actions = scene.wait(.milliseconds(Int.random(in: 1...30_000, using: &random))).map(\.output)
            default: actions = Self.bounce(&scene, using: &random)
            }
            Self.note(actions, &record)
        }
        var rounds = 0
        while !scene.underWay.isEmpty, rounds < 2_000 {
            Self.note(Self.answer(&scene, &record, using: &random), &record)
            rounds += 1
        }
        Self.note(scene.wait(.seconds(120)).map(\.output), &record)
        #expect(scene.underWay.isEmpty)
        #expect(record.violations.isEmpty, "seed \(seed): \(record.violations)")
        #expect(record.replies.count == Int(scene.arrivals), "seed \(seed)")
        #expect(record.replies.values.allSatisfy { $0 == 1 }, "seed \(seed)")
        Self.checkOrder(record.taken, seed)
        _ = scene.wait(.seconds(25 * 3_600))
        #expect(scene.isOver, "seed \(seed)")
        #expect(scene.lab.pendingTimers == 0, "seed \(seed)")
    }

    /// A text whose words say whose it is and where they stand: `7.0 7.1 7.2 …`.
    private static func stanza(_ number: Int, using random: inout SplitMix64) -> Element {
        let words = (0..<Int.random(in: 1...40, using: &random)).map { "\(number).\($0)" }
        let types = ["chat", "normal", "headline", "chat", "chat", "groupchat"]
        let targets = ["romeo@example.net", "romeo@example.net/orchard", "romeo@example.net"]
        return .juliet(
            words.joined(separator: " "),
            type: types.randomElement(using: &random),
            to: targets.randomElement(using: &random) ?? "",
            thread: Bool.random(using: &random) ? "night" : nil,
            FallbackTests.markup
        )
    }

    private static func request(_ number: Int, using random: inout SplitMix64) -> SIPRequest {
        let types = ["text/plain", "text/html", "application/sdp", "text/plain"]
        return .romeo(
            "<p>\(number)</p>",
            type: types.randomElement(using: &random),
            callID: "c\(Int.random(in: 0...5, using: &random))",
            cSeq: "\(number) MESSAGE"
        )
    }

    /// Something that is under way, by far not always the oldest, comes to some end.
    private static func answer(
        _ scene: inout Scene,
        _ record: inout Record,
        using random: inout SplitMix64
    ) -> [Action] {
        guard !scene.underWay.isEmpty else { return [] }
        let place = Int.random(in: 0..<scene.underWay.count, using: &random)
        let delivery = scene.underWay[place]
        let outcome = Self.outcome(of: delivery, using: &random)
        if case .sipDispatch(let dispatch) = delivery.payload,
            case .ok(.sipResponse(let response)?) = outcome,
            response.isSuccess
        {
            record.taken.append(Self.plainText(dispatch.request))
        }
        return scene.outcome(outcome, at: place)
    }

    private static func outcome(of delivery: Delivery, using random: inout SplitMix64) -> Outcome {
        guard case .sipDispatch(let dispatch) = delivery.payload else {
            let outcomes: [Outcome] = [
                .ok(nil), .ok(nil), .failed(Failure(.timeout, "x")), .busy(retryAfter: .seconds(1)),
                .redirect(.sipEdge),
            ]
            return outcomes.randomElement(using: &random) ?? .ok(nil)
        }
        switch Int.random(in: 0..<10, using: &random) {
        case 0...3: return .ok(.sipResponse(SIPResponse(200)))
        case 4...6:
            let room = Int.random(in: 12...max(13, dispatch.request.body.count), using: &random)
            return .failed(Failure(.tooLarge, "x", room: room))
        case 7: return .failed(Failure(.unreachable, "x"))
        case 8: return .busy(retryAfter: .seconds(1))
        default:
            let status = [302, 404, 415, 480, 486, 503, 603].randomElement(using: &random) ?? 500
            return .ok(.sipResponse(SIPResponse(status, headers: [.contact: "<sip:other@example.net>"])))
        }
    }

    private static func bounce(_ scene: inout Scene, using random: inout SplitMix64) -> [Action] {
        let stanzas = scene.underWay.compactMap { delivery -> Element? in
            guard case .stanza(let stanza) = delivery.payload else { return nil }
            return stanza
        }
        guard let stanza = stanzas.randomElement(using: &random) else { return [] }
        return scene.xmpp(stanza.bounced(.itemNotFound))
    }

    private static func note(_ actions: [Action], _ record: inout Record) {
        for action in actions {
            switch action {
            case .reply(to: let id, _): record.replies[id, default: 0] += 1
            case .deliver(let delivery, to: _):
                if !record.dispatched.insert(delivery.id).inserted {
                    record.violations.append("\(delivery.id) twice")
                }
                if delivery.patience <= .zero { record.violations.append("no patience") }
            }
        }
    }

    private static func plainText(_ request: SIPRequest) -> String {
        let body = String(decoding: request.body, as: UTF8.self)
        guard request.headers[.contentType]?.hasPrefix("multipart") == true else { return body }
        // The first part's text is the line that begins with a digit.
        return body.split(separator: "\r\n").first { $0.first?.isNumber == true }.map(String.init) ?? body
    }

    /// Every word that was taken comes after all words before it.
    private static func checkOrder(_ taken: [String], _ seed: UInt64) {
        var last = (0, -1)
        for word in taken.flatMap({ $0.split(separator: " ") }) {
            let numbers = word.split(separator: ".").compactMap { Int($0) }
            guard numbers.count == 2 else {
                Issue.record("seed \(seed): a word was cut: \(word)")
                continue
            }
            #expect((numbers[0], numbers[1]) > last, "seed \(seed): \(word) after \(last)")
            last = (numbers[0], numbers[1])
        }
    }
}
