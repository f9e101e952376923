import SDP

extension Law {
    /// A session description: what parses prints, parses to the same, and so does every value of its attributes.
    static let sdp = Law(name: "sdp") { octets in
        guard let session = try? SessionDescription.parse(octets) else { return nil }
        let printed = session.description
        let again = try? SessionDescription.parse(session.octets)
        if let broken = difference("description", session, printed: printed, again: again) { return broken }
        for medium in session.media {
            if let broken = SDPLaw.broken(medium.attributes) { return broken }
            _ = session.direction(of: medium)
            _ = session.iceCredentials(of: medium)
            _ = medium.payloadTypes
        }
        return SDPLaw.broken(session.attributes)
    }
}

enum SDPLaw {
    static func broken(_ attributes: SDPAttributes) -> String? {
        rtp(attributes) ?? connections(attributes) ?? sessions(attributes)
    }

    private static func rtp(_ attributes: SDPAttributes) -> String? {
        for parameters in attributes.formatParameters { _ = parameters.parameters }
        return broken(RTPMap.self, attributes) ?? broken(FormatParameters.self, attributes)
            ?? broken(RTCPAddress.self, attributes) ?? broken(RTCPFeedback.self, attributes)
            ?? broken(HeaderExtension.self, attributes) ?? broken(SourceAttribute.self, attributes)
            ?? broken(SourceGroup.self, attributes) ?? broken(MediaGroup.self, attributes)
    }

    private static func connections(_ attributes: SDPAttributes) -> String? {
        for key in attributes.crypto.flatMap({ $0.inlineKeys ?? [] }) {
            guard InlineKey(key.key) == key else { return "inline key: prints as another" }
        }
        return broken(Fingerprint.self, attributes) ?? broken(SetupRole.self, attributes)
            ?? broken(ConnectionReuse.self, attributes) ?? broken(CryptoAttribute.self, attributes)
            ?? broken(ICECandidate.self, attributes) ?? broken(RemoteCandidates.self, attributes)
    }

    private static func sessions(_ attributes: SDPAttributes) -> String? {
        if let types = attributes.acceptTypes {
            let printed = types.description
            let again = AcceptedTypes(parsing: printed)
            if let broken = difference("accept-types", types, printed: printed, again: again) {
                return broken
            }
            _ = types.accepts("text/plain")
        }
        return broken(MSRPPath.self, attributes) ?? broken(FileSelector.self, attributes)
            ?? broken(FileDates.self, attributes) ?? broken(FileRange.self, attributes)
    }

    private static func broken<Value: SDPAttributeValue>(
        _ type: Value.Type,
        _ attributes: SDPAttributes
    ) -> String? {
        for value in attributes.all(type) {
            let printed = value.description
            let again = Value(parsing: printed)
            if let broken = difference(type.attribute.text, value, printed: printed, again: again) {
                return broken
            }
        }
        return nil
    }
}
