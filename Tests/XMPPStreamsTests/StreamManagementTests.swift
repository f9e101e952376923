import MachineKit
import TestKit
import Testing
import XMPPGrammar
import XMPPStreams

private func enabled() -> Lab<IncomingServerStream> {
    var lab = Stage.incoming(.insecure)
    lab.letIn()
    _ = lab.play(.element(Stage.streamManagement("enable")))
    return lab
}

private let message = Stage.message(from: "juliet@capulet.example", to: "romeo@montague.example")

private func acknowledgement(_ h: Int) -> Element {
    var element = Stage.streamManagement("a")
    element["h"] = "\(h)"
    return element
}

extension Lab<IncomingServerStream> {
    /// Sends messages; their serial numbers.
    fileprivate mutating func send(_ count: Int) -> [UInt64] {
        (0..<count).flatMap { _ in
            play(.element(message)).compactMap { output in
                guard case .stanza(let stanza) = output else { return nil }
                return stanza.serial
            }
        }
    }
}

/// XEP-0198, without resumption.
@Suite struct StreamManagementTests {
    @Test func `it is enabled once, by a peer that is believed`() {
        var lab = Stage.incoming(.insecure)
        _ = lab.play(.connected)
        _ = lab.play(.opened(Stage.header(from: Stage.capulet, to: Stage.montague), id: "s1"))
        let early = lab.play(.element(Stage.streamManagement("enable")))
        #expect(early.first?.element?.name == "failed")
        lab.letIn()
        let said = lab.play(.element(Stage.streamManagement("enable")))
        #expect(said == [.element(Stage.streamManagement("enabled"))])
        #expect(lab.play(.element(Stage.streamManagement("enable"))).first?.element?.name == "failed")
    }

    @Test func `only what is finished is acknowledged`() {
        var lab = enabled()
        #expect(lab.play(.element(Stage.streamManagement("r"))) == [.element(acknowledgement(0))])
        #expect(lab.send(2) == [1, 2])
        #expect(lab.play(.element(Stage.streamManagement("r"))) == [])
        #expect(lab.play(.finished(serial: 1)) == [])
        #expect(lab.play(.finished(serial: 2)) == [.element(acknowledgement(2))])
        #expect(lab.subject.unfinished == 0)
    }

    @Test func `what finishes out of turn waits for its turn`() {
        var lab = enabled()
        #expect(lab.send(3) == [1, 2, 3])
        _ = lab.play(.element(Stage.streamManagement("r")))
        #expect(lab.play(.finished(serial: 3)) == [])
        #expect(lab.play(.finished(serial: 2)) == [])
        #expect(lab.subject.unfinished == 3)
        #expect(lab.play(.finished(serial: 1)) == [.element(acknowledgement(3))])
    }

    @Test func `slow work does not hold up the news of what went before it`() {
        var lab = enabled()
        _ = lab.send(3)
        _ = lab.play(.element(Stage.streamManagement("r")))
        _ = lab.play(.finished(serial: 1))
        // Told once, half a second later, and not again until there is more to tell.
        let sent = lab.wait(.seconds(5))
        #expect(sent.map(\.output) == [.element(acknowledgement(1))])
        #expect(sent.map(\.at) == [.milliseconds(500)])
    }

    @Test func `a stanza is finished once, and none that never came`() {
        var lab = enabled()
        _ = lab.send(1)
        _ = lab.play(.finished(serial: 7))
        _ = lab.play(.finished(serial: 1))
        _ = lab.play(.finished(serial: 1))
        #expect(lab.play(.element(Stage.streamManagement("r"))) == [.element(acknowledgement(1))])
    }

    @Test func `without it nothing is counted`() {
        var lab = Stage.incoming(.insecure)
        lab.letIn()
        #expect(lab.send(2) == [0, 0])
        #expect(lab.play(.element(Stage.streamManagement("r"))) == [])
    }

    @Test func `nothing is resumed`() {
        var lab = enabled()
        #expect(lab.play(.element(Stage.streamManagement("resume"))).first?.element?.name == "failed")
    }

    @Test func `the last word before the end is what was finished`() {
        var lab = enabled()
        _ = lab.send(2)
        _ = lab.play(.finished(serial: 1))
        let said = lab.play(.close(StreamError(.systemShutdown)))
        #expect(said.first == .element(acknowledgement(1)))
        #expect(said.last == .footer)
        // What comes now would not be acknowledged, and so is not taken.
        #expect(lab.send(1) == [])
        var other = enabled()
        _ = other.send(1)
        #expect(other.play(.closed).first == .element(acknowledgement(0)))
    }

    @Test func `ten thousand stanzas out of order are all counted`() {
        var lab = enabled()
        for _ in 0..<1_000 {
            let serials = lab.send(10)
            for serial in serials.reversed() { _ = lab.play(.finished(serial: serial)) }
        }
        #expect(lab.subject.unfinished == 0)
        #expect(lab.play(.element(Stage.streamManagement("r"))) == [.element(acknowledgement(10_000))])
    }
}
