internal import CZeroMQ
import Glibc
import Logging
import Metrics

/// Decides who may use a broker: the handler of 27/ZAP, on a thread of its own.
///
/// libzmq asks it about each peer that has proved to hold a key. Peers that do not get so far, because they do not
/// encrypt or take the broker for another, are refused by libzmq; the gate learns it from the sockets' monitors.
final class BrokerGate: Sendable {
    /// Where libzmq looks for a handler, one in each context (27/ZAP, "Connection").
    private static let address = "inproc://zeromq.zap.01"

    private let wakeUp: Int32
    private let finished = ThreadEnd()

    /// Begins to answer for sockets that are not bound yet.
    init(
        _ server: CurveServer,
        of sockets: [ZeroMQSocket],
        context: ZeroMQContext,
        logger: Logger,
        metrics: any MetricsFactory
    ) throws(BusError) {
        let keeper = try GateKeeper(server, of: sockets, at: Self.address, context, logger, metrics)
        wakeUp = causeway_wake_make()
        precondition(wakeUp >= 0, "the system refuses an eventfd: error \(errno)")
        BusThread.start("causeway-gate") { [self] in
            keeper.work(until: wakeUp)
            finished.signal()
        }
    }

    deinit { Glibc.close(wakeUp) }

    /// Ends the gate, soon; its sockets must be watched no more.
    func end() {
        causeway_wake_signal(wakeUp)
    }

    /// Ends the gate and waits for its thread.
    func close() async {
        end()
        await finished.wait()
    }
}

/// What the gate's thread has and does.
private final class GateKeeper: @unchecked Sendable {
    // Made by one thread and handed over whole to the gate's, which alone uses it then.
    private let clients: Set<String>
    private let questions: ZeroMQSocket
    private let monitors: [ZeroMQSocket]
    private let logger: Logger
    private let unknown: Counter
    private let unheard: Counter
    private var unknownLines = LineBudget(interval: .seconds(5))
    private var unheardLines = LineBudget(interval: .seconds(5))

    init(
        _ server: CurveServer,
        of sockets: [ZeroMQSocket],
        at address: String,
        _ context: ZeroMQContext,
        _ logger: Logger,
        _ metrics: any MetricsFactory
    ) throws(BusError) {
        clients = server.clients
        self.logger = logger
        let label = "causeway_bus_refused_total"
        unknown = Counter(label: label, dimensions: [("why", "key")], factory: metrics)
        unheard = Counter(label: label, dimensions: [("why", "handshake")], factory: metrics)
        questions = try ZeroMQSocket(.reply, in: context, boundTo: address)
        var monitors: [ZeroMQSocket] = []
        do throws(BusError) {
            for socket in sockets { monitors.append(try socket.watch(ZeroMQEvent.failures)) }
        } catch {
            for (socket, monitor) in zip(sockets, monitors) {
                socket.endWatch()
                monitor.close()
            }
            questions.close()
            throw error
        }
        self.monitors = monitors
    }

    func work(until wakeUp: Int32) {
        let sockets = [questions] + monitors
        while !ZeroMQSocket.wait(for: sockets, or: wakeUp) {
            while let question = questions.receive(mostFrames: 7) { questions.send(answer(question)) }
            for monitor in monitors {
                while let frames = monitor.receive() {
                    if ZeroMQEvent(frames[0]) != nil { refuseUnheard(frames) }
                }
            }
        }
        for socket in sockets { socket.close() }
    }

    /// Answers a question (27/ZAP, "Request"): version, id, domain, address, identity, mechanism, key.
    private func answer(_ question: [[UInt8]]) -> [[UInt8]] {
        let key = question.count == 7 ? CurveKey.text(of: question[6]) : nil
        let isWell = question.first == Array("1.0".utf8) && question.count == 7
        let isAdmitted = isWell && question[5] == Array("CURVE".utf8) && key.map(clients.contains) == true
        if !isAdmitted { refuse(key, from: question.count > 3 ? question[3] : []) }
        let (status, text) = isAdmitted ? ("200", "OK") : ("400", "this key is not admitted")
        return [Array("1.0".utf8), question.count > 1 ? question[1] : []]
            + [status, text, "", ""].map { Array($0.utf8) }
    }

    private func refuse(_ key: String?, from address: [UInt8]) {
        unknown.increment()
        guard let omitted = unknownLines.spend(at: .now) else { return }
        logger.warning(
            "peer refused: bus.curve.clients does not admit its key",
            metadata: [
                "address": "\(String(decoding: address, as: UTF8.self))", "public-key": "\(key ?? "none")",
                "omitted": "\(omitted)",
            ]
        )
    }

    private func refuseUnheard(_ frames: [[UInt8]]) {
        unheard.increment()
        guard let omitted = unheardLines.spend(at: .now) else { return }
        logger.warning(
            "peer refused: it does not encrypt, or takes another key for this broker's (bus.curve.server-key)",
            metadata: [
                "at": "\(String(decoding: frames.last ?? [], as: UTF8.self))", "omitted": "\(omitted)",
            ]
        )
    }
}
