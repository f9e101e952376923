import Logging
import MessageBus
import Testing

@Suite("A broker's address")
struct BusEndpointTests {
    @Test(arguments: [
        ("tcp://127.0.0.1:5550", "tcp://127.0.0.1:5551", false),
        ("tcp://[::1]:5550", "tcp://[::1]:5551", false),
        ("tcp://localhost:5550", "tcp://localhost:5551", false),
        ("tcp://0.0.0.0:5550", "tcp://0.0.0.0:5551", true),
        ("tcp://192.0.2.1:5550", "tcp://192.0.2.1:5551", true),
        ("ipc:///run/causeway/bus", "ipc:///run/causeway/bus.sub", false),
        ("inproc://bus", "inproc://bus.sub", false),
    ])
    func `has a neighbour for subscribers`(_ text: String, _ subscribing: String, _ isPublic: Bool) throws {
        let endpoint = try #require(BusEndpoint(text))
        #expect(endpoint.publishing == text)
        #expect(endpoint.subscribing == subscribing)
        #expect(endpoint.isPublic == isPublic)
    }

    @Test(arguments: [
        "", "tcp://", "tcp://host", "tcp://:1", "tcp://host:0", "tcp://host:65535", "udp://h:1", "ipc://",
    ])
    func `is refused when it is none`(_ text: String) {
        #expect(BusEndpoint(text) == nil)
    }

    @Test func `that others can reach is refused without encryption`() throws {
        let endpoint = try #require(BusEndpoint("tcp://0.0.0.0:5550"))
        let error = #expect(throws: BusError.self) {
            _ = try Broker(endpoint, context: ZeroMQContext(), logger: Logger(label: "test"))
        }
        #expect(error?.code == .unencrypted)
    }

    @Test func `that is taken says so`() throws {
        let endpoint = try #require(BusEndpoint("inproc://taken-\(UInt32.random(in: 0 ... .max))"))
        let context = ZeroMQContext()
        let broker = try Broker(endpoint, context: context, logger: Logger(label: "test"))
        let error = #expect(throws: BusError.self) {
            _ = try Broker(endpoint, context: context, logger: Logger(label: "test"))
        }
        #expect(error?.code == .addressInUse)
        withExtendedLifetime(broker) {}
    }
}
