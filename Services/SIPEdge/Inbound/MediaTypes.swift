import SIPGrammar

/// The types of the media that a request's session description offers: `audio`, `message` and so on.
///
/// No more is looked at than the beginnings of its `m=` lines with a port; the description is for whoever takes the request.
struct MediaTypes {
    private static let most = 16
    private var types: Set<String> = []

    init(of request: SIPRequest) {
        guard request.method == .invite, !request.body.isEmpty else { return }
        for line in request.body.split(whereSeparator: { $0 == 10 || $0 == 13 }) where types.count < Self.most
        {
            guard line.starts(with: "m=".utf8) else { continue }
            let words = line.dropFirst(2).split(separator: UInt8(ascii: " "), maxSplits: 2)
            // Port 0 offers nothing (RFC 3264 section 5.1).
            guard words.count > 1, !words[1].elementsEqual("0".utf8) else { continue }
            types.insert(String(decoding: words[0], as: UTF8.self).lowercased())
        }
    }

    var isEmpty: Bool { types.isEmpty }

    func contains(_ type: String) -> Bool { types.contains(type) }
}
