import NIOCore
import SIPTransport
import Testing

struct EndpointTests {
    @Test(arguments: [
        ("udp://0.0.0.0:5060", "udp://0.0.0.0:5060"), ("tcp://[::]:5070", "tcp://[::]:5070"),
        ("UDP://localhost", "udp://localhost:5060"), ("tcp://[2001:db8::1]", "tcp://[2001:db8::1]:5060"),
        ("udp://127.0.0.1:0", "udp://127.0.0.1:0"), ("tls://0.0.0.0", "tls://0.0.0.0:5061"),
        ("ws://[::]", "ws://[::]:80"), ("wss://127.0.0.1", "wss://127.0.0.1:443"),
    ])
    func `reads an address to listen at`(_ text: String, _ printed: String) throws {
        #expect(try #require(SIPEndpoint(text)).description == printed)
    }

    @Test(arguments: [
        "", "udp", "udp:", "udp:/", "udp://", "udp://:5060", "udp:/x/127.0.0.1:5060", "sctp://0.0.0.0:5061",
        "udp://127.0.0.1:", "udp://127.0.0.1:x", "udp://127.0.0.1:65536", "udp://127.0.0.1:-1", "udp://[::1",
        "udp://[::1]5060", "udp://127.0.0.1:5060/path", "udp://127.0.0.1:99999999999999999999",
    ])
    func `refuses what is none`(_ text: String) {
        #expect(SIPEndpoint(text) == nil)
    }

    @Test(arguments: [
        ("192.0.2.1", true), ("2001:db8::1", false), ("::ffff:192.0.2.1", true), ("::1", false),
        ("0.0.0.0", true),
    ])
    func `knows IPv4 addresses however they come`(_ text: String, _ isIPv4: Bool) throws {
        let address = try #require(IPAddress(text))
        #expect(address.isIPv4 == isIPv4)
        let socket = try #require(address.socketAddress(port: 5060))
        #expect(IPAddress(socket) == address)
        #expect(socket.port == 5060)
        let mapped = try #require(address.mappedSocketAddress(port: 7))
        #expect(IPAddress(mapped) == address)
        #expect(mapped.protocol == .inet6)
    }

    @Test func `prints addresses`() {
        #expect(IPAddress("::ffff:192.0.2.1")?.description == "192.0.2.1")
        #expect(IPAddress("2001:DB8:0::1")?.description == "2001:db8::1")
        #expect(IPAddress("nonsense") == nil)
        #expect(TransportTarget(.tcp, ipAddress: "::1", port: 5060)?.description == "tcp:[::1]:5060")
    }
}
