import NIOCore
import SIPGrammar
import SIPTransport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ListeningTests {
    @Test(arguments: [TransportProtocol.udp, .tcp])
    func `names an address that is in use, and keeps none`(_ transport: TransportProtocol) async throws {
        let first = try await Station.open()
        let port = try await first.port(transport)
        let second = Station()
        let taken = SIPEndpoint(transport, host: "127.0.0.1", port: port)
        let error = await #expect(throws: SIPListenError.self) {
            try await second.transport.listen(at: [SIPEndpoint(.udp, host: "127.0.0.1", port: 0), taken])
        }
        #expect(error == SIPListenError(taken, .inUse))
        #expect(
            error?.description
                == "cannot listen on \(taken): the port is in use: stop the other program or choose another port"
        )
        #expect(try await second.loop.submit { second.transport.endpoints }.get().isEmpty)
        await first.transport.close()
    }

    @Test(arguments: ["192.0.2.77", "no.such.host.invalid"])
    func `names an address that the machine does not have`(_ host: String) async throws {
        let endpoint = SIPEndpoint(.udp, host: host, port: 0)
        let error = await #expect(throws: SIPListenError.self) {
            try await Station().transport.listen(at: [endpoint])
        }
        #expect(error?.endpoint == endpoint)
        #expect(error?.description.hasPrefix("cannot listen on \(endpoint): ") == true)
    }

    @Test func `says of itself what its listeners are`() async throws {
        let station = try await Station.open()
        let (udp, tcp) = (try await station.port(.udp), try await station.port(.tcp))
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 9)
        let advertised = SIPHost("gw.example")
        let said = try await station.loop.submit { [transport = station.transport] in
            [TransportProtocol.udp, .tcp].map { kind in
                [nil, advertised].map { host in
                    let sentBy = transport.sentBy(toward: TransportTarget(kind, address), advertising: host)
                    return sentBy.map { "\($0.host):\($0.port)" } ?? "nothing"
                }
            }
        }.get()
        #expect(
            said == [["127.0.0.1:\(udp)", "gw.example:\(udp)"], ["127.0.0.1:\(tcp)", "gw.example:\(tcp)"]]
        )
        await station.transport.close()
    }

    @Test func `says of a wildcard listener the address that packets leave from`() async throws {
        let station = try await Station.open(at: ["udp://0.0.0.0:0"])
        let address = try SocketAddress(ipAddress: "127.0.0.9", port: 9)
        let host = try await station.loop.submit { [transport = station.transport] in
            transport.sentBy(toward: TransportTarget(.udp, address), advertising: nil)?.host
        }.get()
        #expect(host == SIPHost("127.0.0.1"))
        await station.transport.close()
    }
}
