import Metrics
import Telemetry
import Testing

@Suite struct MetricsRegistryTests {
    private let registry = MetricsRegistry()

    @Test func `prints counters by label`() {
        registry.describe("sip.messages", "SIP messages received.\nEach once.")
        Counter(label: "sip.messages", dimensions: [("method", "MESSAGE")], factory: registry).increment(
            by: 41
        )
        Counter(label: "sip.messages", dimensions: [("method", "MESSAGE")], factory: registry).increment()
        Counter(label: "sip.messages", dimensions: [("method", "ACK")], factory: registry).increment()
        #expect(
            registry.exposition() == """
                # HELP causeway_sip_messages_total SIP messages received.\\nEach once.
                # TYPE causeway_sip_messages_total counter
                causeway_sip_messages_total{method="ACK"} 1
                causeway_sip_messages_total{method="MESSAGE"} 42

                """
        )
    }

    @Test func `prints gauges`() {
        let meter = Meter(label: "bus.outstanding", factory: registry)
        meter.set(10)
        meter.increment(by: 2.5)
        meter.decrement(by: 4)
        Gauge(label: "streams", factory: registry).record(7)
        #expect(
            registry.exposition() == """
                # TYPE causeway_bus_outstanding gauge
                causeway_bus_outstanding 8.5
                # TYPE causeway_streams gauge
                causeway_streams 7

                """
        )
    }

    @Test func `prints durations as a histogram in seconds`() {
        let timer = Timer(label: "delivery", factory: registry)
        timer.recordMilliseconds(1)
        timer.recordMilliseconds(3)
        timer.recordSeconds(60)
        let lines = registry.exposition().split(separator: "\n")
        #expect(lines.first == "# TYPE causeway_delivery_seconds histogram")
        #expect(lines.contains(#"causeway_delivery_seconds_bucket{le="0.0005"} 0"#))
        #expect(lines.contains(#"causeway_delivery_seconds_bucket{le="0.001"} 1"#))
        #expect(lines.contains(#"causeway_delivery_seconds_bucket{le="0.005"} 2"#))
        #expect(lines.contains(#"causeway_delivery_seconds_bucket{le="32"} 2"#))
        #expect(lines.contains(#"causeway_delivery_seconds_bucket{le="+Inf"} 3"#))
        #expect(lines.contains("causeway_delivery_seconds_sum 60.004"))
        #expect(lines.last == "causeway_delivery_seconds_count 3")
    }

    @Test func `prints sizes as a histogram with labels`() {
        Recorder(label: "stanza.octets", dimensions: [("side", "xmpp")], factory: registry).record(300)
        let text = registry.exposition()
        #expect(text.contains(#"causeway_stanza_octets_bucket{side="xmpp",le="256"} 0"#))
        #expect(text.contains(#"causeway_stanza_octets_bucket{side="xmpp",le="1024"} 1"#))
        #expect(text.contains(#"causeway_stanza_octets_sum{side="xmpp"} 300"#))
    }

    @Test func `counts fractions, and neither backwards nor by what is no number`() {
        let counter = FloatingPointCounter(label: "cpu.seconds", factory: registry)
        for amount in [0.25, 0.5, -1, .nan, .infinity] { counter.increment(by: amount) }
        #expect(registry.exposition().contains("causeway_cpu_seconds_total 0.75\n"))
    }

    @Test func `names and values of a peer's making are harmless`() {
        let dimensions = [("peer name", "a\"b\\c\nd\u{1}"), ("1st", String(repeating: "x", count: 1000))]
        Counter(label: "odd-name.é", dimensions: dimensions, factory: registry).increment()
        let lines = registry.exposition().split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[1].contains(#"peer_name="a\"b\\c\nd ""#))
        #expect(lines[1].contains("_1st=\"xxx"))
        #expect(lines[1].utf8.count < 300)
    }

    @Test func `label combinations beyond the bound are counted together`() {
        let registry = MetricsRegistry(mostMembers: 3)
        for index in 0..<1000 {
            Counter(label: "peers", dimensions: [("peer", "p\(index)")], factory: registry).increment()
        }
        #expect(
            registry.exposition() == """
                # TYPE causeway_peers_total counter
                causeway_peers_total{overflow="true"} 997
                causeway_peers_total{peer="p0"} 1
                causeway_peers_total{peer="p1"} 1
                causeway_peers_total{peer="p2"} 1
                # TYPE causeway_metrics_overflows_total counter
                causeway_metrics_overflows_total 997

                """
        )
    }

    @Test func `names beyond the bound, and one name for two kinds, are not printed`() {
        let registry = MetricsRegistry(mostFamilies: 2)
        Meter(label: "a", factory: registry).set(1)
        Recorder(label: "a", factory: registry).record(1)
        Meter(label: "b", factory: registry).set(2)
        Meter(label: "c", factory: registry).set(3)
        let text = registry.exposition()
        #expect(text.contains("causeway_a 1\n"))
        #expect(text.contains("causeway_b 2\n"))
        #expect(!text.contains("causeway_c"))
        #expect(text.contains("causeway_metrics_overflows_total 2\n"))
    }

    @Test func `a destroyed figure is gone`() {
        let counter = Counter(label: "a", factory: registry)
        counter.increment()
        counter.destroy()
        #expect(registry.exposition().isEmpty)
    }

    @Test func `threads do not lose counts`() async {
        let counter = Counter(label: "hits", factory: registry)
        let meter = Meter(label: "level", factory: registry)
        let timer = Timer(label: "wait", factory: registry)
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<5000 {
                        counter.increment()
                        meter.increment(by: 0.5)
                        timer.recordSeconds(1)
                    }
                }
            }
        }
        let text = registry.exposition()
        #expect(text.contains("causeway_hits_total 40000\n"))
        #expect(text.contains("causeway_level 20000\n"))
        #expect(text.contains("causeway_wait_seconds_sum 40000\n"))
        #expect(text.contains("causeway_wait_seconds_count 40000\n"))
    }
}
