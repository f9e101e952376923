import Octets

// Conforms: RFC 3261 §18.3 (complete)
// Conforms: RFC 5626 §3.5.1 (complete)

/// Cuts the octets of a connection into messages (RFC 3261 section 18.3, RFC 5626 section 3.5.1).
///
/// Octets may come one by one: each is looked at once for the end of a header section, and a header section is read
/// once. What is held is at most one message and what was appended since ``next()`` last gave nil.
///
/// Two kinds of wrong are told apart. A message whose Content-Length can be trusted but that is not well-formed is a
/// frame, ``Frame/malformed(_:octets:)``, and the connection goes on. When nobody can say where the next message begins,
/// ``next()`` throws, now and ever after; ``unframed`` has the header section at fault, and the connection must be closed.
public struct SIPStreamFramer: Sendable {
    public enum Frame: Hashable, Sendable {
        case message(SIPMessage)
        /// A message that does not parse, all of it: to be answered 400, if ``SIPMessage/salvage(_:limits:)`` finds how.
        case malformed(SIPSyntaxError, octets: [UInt8])
        /// Two line ends: asks for one.
        case keepAlivePing
        /// One line end: the answer to a ping. (Also the first half of a ping that came in two pieces.)
        case pong
    }

    private enum State {
        /// Looking for the end of a header section; octets before `scanned` are known not to hold it.
        case head(scanned: Int)
        /// The header section was read, or failed to be; the body comes up to `end`.
        case body(Result<SIPHead, SIPSyntaxError>, end: Int)
        case failed(SIPSyntaxError)
    }

    /// What is kept of the buffer between messages: enough for most.
    private static let restingCapacity = 2_048

    private let limits: SIPLimits
    private var buffer: [UInt8] = []
    /// Where in the buffer the current message begins.
    private var start = 0
    private var state = State.head(scanned: 0)
    /// Whether the last octets taken were a lone line end, which may yet turn out to be half a ping.
    private var isHalfPing = false

    public init(limits: SIPLimits = .standard) {
        self.limits = limits
    }

    /// Whether a message has begun and not ended: the connection is owed the rest, and a timer should run.
    public var isInsideMessage: Bool { start < buffer.count }

    /// The header section that broke the framing, up to the limit; empty while nothing has.
    public private(set) var unframed: [UInt8] = []

    public mutating func append(_ octets: [UInt8]) { append(octets.span) }

    public mutating func append(_ octets: Span<UInt8>) {
        if case .failed = state { return }
        if start > 0, start == buffer.count || start >= 16_384 { compact() }
        unsafe octets.withUnsafeBufferPointer { unsafe buffer.append(contentsOf: $0) }
    }

    /// The next frame; nil until more octets come.
    public mutating func next() throws(SIPSyntaxError) -> Frame? {
        while true {
            switch state {
            case .failed(let error): throw error
            case .head(let scanned):
                if let keepAlive = takeLineEnds() { return keepAlive }
                guard let end = endOfHead(from: scanned) else {
                    guard buffer.count - start <= limits.message else {
                        throw fail(SIPSyntaxError(.tooLarge))
                    }
                    if !isInsideMessage { rest() }
                    return nil
                }
                try readHead(upTo: end)
            case .body(let head, let end):
                guard buffer.count >= end else { return nil }
                return takeMessage(head, end: end)
            }
        }
    }

    /// Takes line ends between messages.
    ///
    /// A lone one is reported at once, for nothing may ever follow it; if its other half does, the two are a ping.
    private mutating func takeLineEnds() -> Frame? {
        guard hasLineEnd(at: start) else { return nil }
        if !isHalfPing, hasLineEnd(at: start + 2) {
            advance(to: start + 4)
            return .keepAlivePing
        }
        let wasHalfPing = isHalfPing
        advance(to: start + 2)
        isHalfPing = !wasHalfPing
        return wasHalfPing ? .keepAlivePing : .pong
    }

    private func hasLineEnd(at index: Int) -> Bool {
        index + 1 < buffer.count && buffer[index] == ASCII.carriageReturn
            && buffer[index + 1] == ASCII.lineFeed
    }

    /// Where the blank line ends; remembers how far it was looked for.
    private mutating func endOfHead(from scanned: Int) -> Int? {
        let found = blankLine(from: max(scanned, start + 3))
        if found == nil { state = .head(scanned: max(scanned, buffer.count)) }
        return found
    }

    private func blankLine(from first: Int) -> Int? {
        let octets = buffer.span
        var index = first
        while index < octets.count {
            if octets[index] == ASCII.lineFeed, octets[index - 1] == ASCII.carriageReturn,
                octets[index - 2] == ASCII.lineFeed, octets[index - 3] == ASCII.carriageReturn
            {
                return index + 1
            }
            index += 1
        }
        return nil
    }

    private mutating func readHead(upTo end: Int) throws(SIPSyntaxError) {
        isHalfPing = false
        guard end - start <= limits.message else { throw fail(SIPSyntaxError(.tooLarge)) }
        let head = parsedHead()
        let length: Int?
        switch head {
        case .success(let head): length = head.contentLength
        // Only if the length is beyond doubt is it known where the next message begins.
        case .failure(let error): length = error.header == .contentLength ? nil : salvagedLength()
        }
        guard let length else {
            if case .failure(let error) = head { throw fail(error) }
            throw fail(SIPSyntaxError(.missing, header: .contentLength))
        }
        guard end - start + length <= limits.message else {
            throw fail(SIPSyntaxError(.tooLarge, offset: end, header: .contentLength))
        }
        state = .body(head, end: end + length)
    }

    private func parsedHead() -> Result<SIPHead, SIPSyntaxError> {
        do throws(SIPSyntaxError) {
            return .success(try SIPHead.parse(buffer.span, from: start, limits: limits))
        } catch {
            return .failure(error)
        }
    }

    private mutating func takeMessage(_ head: Result<SIPHead, SIPSyntaxError>, end: Int) -> Frame {
        defer { advance(to: end) }
        switch head {
        case .success(let head):
            return .message(head.message(body: Array(buffer[head.end..<end])))
        case .failure(var error):
            error.offset = max(0, error.offset - start)
            return .malformed(error, octets: Array(buffer[start..<end]))
        }
    }

    /// The one Content-Length of a header section that is otherwise broken.
    private func salvagedLength() -> Int? {
        let octets = buffer.span
        var lines = SalvageReader(octets, from: start, limits: limits)
        lines.skipLine(octets)
        var length: Int?
        while let found = lines.next(octets) {
            guard found.name == .contentLength else { continue }
            guard length == nil, let value = try? found.length(octets) else { return nil }
            length = value
        }
        return length
    }

    private mutating func fail(_ fault: SIPSyntaxError) -> SIPSyntaxError {
        var error = fault
        error.offset = max(0, error.offset - start)
        unframed = Array(buffer[start..<min(buffer.count, start + limits.message)])
        buffer = []
        start = 0
        state = .failed(error)
        return error
    }

    private mutating func advance(to index: Int) {
        start = index
        state = .head(scanned: index)
    }

    /// All was taken: a connection that is quiet now holds next to no memory.
    private mutating func rest() {
        if buffer.capacity > Self.restingCapacity {
            buffer = []
        } else {
            buffer.removeAll(keepingCapacity: true)
        }
        advance(to: 0)
    }

    /// Drops what was taken; done only when as much was taken as is moved, or nothing is left to move.
    private mutating func compact() {
        let taken = start
        guard taken == buffer.count || taken >= buffer.count - taken else { return }
        buffer.removeFirst(taken)
        start = 0
        switch state {
        case .head(let scanned): state = .head(scanned: scanned - taken)
        case .body(.success(var head), let end):
            head.end -= taken
            state = .body(.success(head), end: end - taken)
        case .body(.failure(var error), let end):
            error.offset -= taken
            state = .body(.failure(error), end: end - taken)
        case .failed: break
        }
    }
}
