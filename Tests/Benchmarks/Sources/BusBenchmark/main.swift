import BusContract
import Glibc
import Logging
import MessageBus
import NIOCore
import NIOPosix

// The bus alone: one client asks, one answers, 200 conversations with one delivery in flight each.
//
//     BusBenchmark [values|inproc|ipc|tcp] [deliveries]

let kind = CommandLine.arguments.dropFirst().first ?? "values"
let total = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 200_000
let conversations = 200
let service = ServiceName("im")
let logger = Logger(label: "benchmark")
let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
let context = ZeroMQContext()
let local = LocalBus()

func endpoint() -> BusEndpoint? {
    switch kind {
    case "inproc": BusEndpoint("inproc://benchmark-\(getpid())")
    case "ipc": BusEndpoint("ipc:///tmp/causeway-benchmark-\(getpid())")
    case "tcp": BusEndpoint("tcp://127.0.0.1:\(20_000 + Int(getpid()) % 20_000 * 2)")
    default: nil
    }
}

let address = endpoint()
let broker = try address.map { try Broker($0, context: context, logger: logger) }

func link() -> any BusLink {
    guard let address else { return local.link() }
    return ZeroMQLink([address], context: context, logger: logger)
}

/// Asks in every conversation as soon as it was answered, and notes how long each answer took.
final class Asker: @unchecked Sendable {
    // Touched on the client's loop alone.
    let client: BusClient
    let done: EventLoopPromise<Void>
    var sent = 0
    var answered = 0
    var failed = 0
    var latencies: [Int64] = []

    init(_ client: BusClient) {
        self.client = client
        done = client.loop.makePromise()
        latencies.reserveCapacity(total)
    }

    func ask(_ conversation: Int) {
        guard sent < total else { return }
        sent += 1
        let delivery = Delivery(
            id: DeliveryID(
                high: UInt64(sent) &* 0x9E37_79B9_7F4A_7C15,
                low: UInt64(sent) &* 0xBF58_476D_1CE4_E5B9
            ),
            key: ConversationKey("user\(conversation)@sip.example|juliet@xmpp.example"),
            patience: .seconds(20),
            payload: .opaque(type: "benchmark", payload)
        )
        let begin = NIODeadline.now()
        client.deliver(delivery, to: service) { [self] outcome in
            latencies.append((NIODeadline.now() - begin).nanoseconds)
            answered += 1
            if case .ok = outcome {} else { failed += 1 }
            if answered == total { done.succeed() } else { ask(conversation) }
        }
    }
}

let payload = [UInt8](repeating: 0x61, count: 464)
let worker = BusClient(instance: "worker", link: link(), loop: group.next(), logger: logger)
try await worker.loop.submit { worker.serve(service) { _, responder in responder.reply(.ok(nil)) } }.get()
let asker = Asker(BusClient(instance: "asker", link: link(), loop: group.next(), logger: logger))

var before = rusage()
getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &before)
let begin = NIODeadline.now()
asker.client.loop.execute { for conversation in 0..<conversations { asker.ask(conversation) } }
try await asker.done.futureResult.get()
let seconds = Double((NIODeadline.now() - begin).nanoseconds) / 1e9
var after = rusage()
getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &after)

func cpu(_ usage: rusage) -> Double {
    Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
}

let sorted = asker.latencies.sorted()
print(
    "bus over \(kind): \(Int(Double(total) / seconds)) deliveries/s, failed \(asker.failed),",
    "p50 \(sorted[total / 2] / 1_000) us, p99 \(sorted[total * 99 / 100] / 1_000) us,",
    "\(Int((cpu(after) - cpu(before)) / Double(total) * 1e9)) ns of CPU each, peak \(after.ru_maxrss / 1_024) MB"
)
await asker.client.close()
await worker.close()
await broker?.close()
