import MachineKit
import TestKit
import Testing
import XMPPGrammar
import XMPPStreams

private func link() -> Lab<ComponentStream> {
    Lab(ComponentStream(domain: "plays.shakespeare.lit") { id in "digest of \(id)" })
}

private let theirHeader = StreamHeader(
    contentNamespace: Namespace.component,
    from: "plays.shakespeare.lit",
    id: "3BF96D32"
)
private let handshake = Element("handshake", Namespace.component)

private func attached() -> Lab<ComponentStream> {
    var lab = link()
    _ = lab.play(.connected)
    _ = lab.play(.opened(theirHeader))
    _ = lab.play(.element(handshake))
    return lab
}

/// The examples of XEP-0114 section 3.
@Suite struct ComponentStreamTests {
    @Test func `a component attaches as in XEP-0114`() {
        var lab = link()
        let header = StreamHeader(contentNamespace: Namespace.component, to: "plays.shakespeare.lit")
        #expect(lab.play(.connected) == [.header(header)])
        let proof = Element("handshake", Namespace.component, text: "digest of 3BF96D32")
        #expect(lab.play(.opened(theirHeader)) == [.element(proof)])
        #expect(!lab.subject.isAttached)
        #expect(lab.play(.element(handshake)) == [.attached])
        #expect(lab.subject.isAttached)
    }

    @Test func `stanzas come in once attached, with their addresses read`() throws {
        var lab = attached()
        let message = Stage.message(from: "Juliet@capulet.lit/balcony", to: "romeo@plays.shakespeare.lit")
        let stanza = InboundStanza(
            element: message,
            from: try JID("juliet@capulet.lit/balcony"),
            to: try JID("romeo@plays.shakespeare.lit")
        )
        #expect(lab.play(.element(message)) == [.stanza(stanza)])
    }

    @Test func `a stanza without good addresses costs nobody else's`() {
        var lab = attached()
        #expect(lab.play(.element(Stage.message(from: nil, to: "a@b.example"))) == [])
        #expect(lab.play(.element(Stage.message(from: "a@b.example", to: "@"))) == [])
        #expect(lab.subject.isAttached)
    }

    @Test func `a wrong secret ends the stream as refused`() {
        var lab = link()
        _ = lab.play(.connected)
        _ = lab.play(.opened(theirHeader))
        let error = StreamError(.notAuthorized).element
        #expect(lab.play(.element(error)) == [.footer, .disconnect, .ended(.refused("the secret is wrong"))])
        #expect(lab.pendingTimers == 0)
    }

    @Test func `a server that says nothing is given up after thirty seconds`() {
        var lab = link()
        _ = lab.play(.connected)
        let sent = lab.wait(.seconds(31))
        #expect(sent.allSatisfy { $0.at == .seconds(30) })
        #expect(sent.last?.output == .ended(.timeout("the server did not answer the handshake")))
    }

    @Test func `a space goes out every minute`() {
        var lab = attached()
        #expect(lab.wait(.seconds(125)).map(\.at) == [.seconds(60), .seconds(120)])
    }

    @Test func `closing waits for the server, and takes what it still sends`() {
        var lab = attached()
        #expect(lab.play(.close) == [.footer])
        let late = lab.play(.element(Stage.message(from: "a@b.example", to: "c@plays.shakespeare.lit")))
        #expect(late.count == 1)
        #expect(lab.play(.closed) == [.disconnect, .ended(.finished)])
    }

    @Test func `closing does not wait for ever`() {
        var lab = attached()
        _ = lab.play(.close)
        #expect(lab.wait(.seconds(10)).map(\.output) == [.disconnect, .ended(.finished)])
    }

    @Test(arguments: [ComponentStream.Input.closed, .disconnected, .violated(StreamError(.notWellFormed))])
    func `every way to lose the stream ends it once`(_ input: ComponentStream.Input) {
        for steps in 0...2 {
            var lab = link()
            let script: [ComponentStream.Input] = [.connected, .opened(theirHeader), .element(handshake)]
            for step in script.prefix(steps + 1) { _ = lab.play(step) }
            let ends = lab.play(input).filter { if case .ended = $0 { true } else { false } }
            #expect(ends.count == 1)
            #expect(lab.play(input) == [])
            #expect(lab.pendingTimers == 0)
        }
    }

    @Test func `a header without an id is no header`() {
        var lab = link()
        _ = lab.play(.connected)
        let header = StreamHeader(contentNamespace: Namespace.component, from: "plays.shakespeare.lit")
        #expect(lab.play(.opened(header)).contains(.disconnect))
    }
}
