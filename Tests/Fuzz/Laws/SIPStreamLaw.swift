import SIPGrammar

extension Law {
    /// A connection: the same messages come out however the octets were cut.
    ///
    /// The first octet says how. What a message must be is another law's.
    static let sipStream = Law(name: "sip-stream") { octets in
        guard let first = octets.first else { return nil }
        let stream = octets.dropFirst()
        let whole = frames(of: [Array(stream)])
        let size = Int(first) + 1
        let pieces = Swift.stride(from: stream.startIndex, to: stream.endIndex, by: size).map {
            Array(stream[$0..<min($0 + size, stream.endIndex)])
        }
        return frames(of: pieces) == whole ? nil : "the framer: cut into \(size), other frames came"
    }

    private static func frames(of pieces: [[UInt8]]) -> [SIPStreamFramer.Frame] {
        var framer = SIPStreamFramer()
        var frames: [SIPStreamFramer.Frame] = []
        for piece in pieces {
            framer.append(piece)
            while let frame = try? framer.next() {
                // How line ends between messages were cut decides how they are told.
                if frame != .pong, frame != .keepAlivePing { frames.append(frame) }
            }
        }
        return frames
    }
}
