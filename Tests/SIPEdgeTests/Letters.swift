/// What came, to be asked for one by one.
final class Letters<Letter: Sendable>: Sendable {
    private let stream: AsyncStream<Letter>
    private let continuation: AsyncStream<Letter>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func put(_ letter: Letter) { continuation.yield(letter) }

    func next() async -> Letter? {
        for await letter in stream { return letter }
        return nil
    }
}
